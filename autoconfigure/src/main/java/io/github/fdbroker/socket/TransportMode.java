/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.fdbroker.socket;

import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.JunixsocketCalls;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.LibcBinding;

/**
 * Which transport to use.
 */
public enum TransportMode {

	/** The native one where it can be used, otherwise junixsocket. */
	AUTO {

		@Override
		public Transport select() {
			Optional<String> unavailable = NativeTransport.unavailable();
			return unavailable.isEmpty() ? chosen(new NativeTransport(), "it is available")
					: chosen(junixsocket(), "native is not available: " + unavailable.get());
		}

	},

	/** The one by direct system calls, on Linux with Java 22 or newer, or with JNA. */
	NATIVE {

		@Override
		public Transport select() {
			NativeTransport.unavailable().ifPresent((reason) -> {
				throw new FdConfigurationException("The native transport is not available: " + reason,
						"Set fdbroker.transport=auto, which takes the transport 'junixsocket' where the native one "
								+ "is not available; or run on Linux with Java 22 or newer, or add net.java.dev.jna:jna");
			});
			return chosen(new NativeTransport(), "it is configured");
		}

	},

	/** The one over junixsocket. */
	JUNIXSOCKET {

		@Override
		public Transport select() {
			return chosen(junixsocket(), "it is configured");
		}

	};

	private static final Log logger = LogFactory.getLog(Transport.class);

	/**
	 * Select the transport, and log which one and why.
	 * @return the transport
	 * @throws FdConfigurationException if it cannot be used here
	 */
	public abstract Transport select();

	/**
	 * Load the classes and libraries of the transports, so that selecting a transport
	 * later takes less time. A failure is ignored here: selecting a transport reports it.
	 */
	public static void preload() {
		if (JunixsocketCalls.isSupported()) {
			try {
				new MessageHeader(LibcBinding.preferred().bind());
			}
			catch (FdConfigurationException ex) {
				// Selecting a transport says so.
			}
		}
	}

	private static Transport junixsocket() {
		JunixsocketTransport transport = new JunixsocketTransport();
		new TransportProbe(transport).verify();
		return transport;
	}

	private static Transport chosen(Transport transport, String reason) {
		Kernel.use(transport.system());
		logger.info("Descriptors are passed by the transport '%s' (%s): %s".formatted(transport.name(),
				transport.binding(), reason));
		return transport;
	}

}
