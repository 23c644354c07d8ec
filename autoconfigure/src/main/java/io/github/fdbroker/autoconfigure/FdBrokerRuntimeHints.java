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

package io.github.fdbroker.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

import io.github.fdbroker.system.LibcBinding;

/**
 * Hints for classes that are looked up by name: those of junixsocket, of the
 * foreign-function API and of the JDK's channels, the native method that JNA binds, and
 * the modes of socket files.
 */
class FdBrokerRuntimeHints implements RuntimeHintsRegistrar {

	private static final List<String> JUNIXSOCKET = List.of("NativeUnixSocket", "AncillaryDataSupport",
			"AFSelector$PollFd", "AFUNIXSocketCredentials", "AFUNIXSocket");

	private static final List<String> CHANNELS = List.of("SocketChannelImpl", "ServerSocketChannelImpl",
			"DatagramChannelImpl", "SourceChannelImpl", "SinkChannelImpl", "FileChannelImpl",
			"AsynchronousFileChannelImpl", "SimpleAsynchronousFileChannelImpl", "ChannelInputStream",
			"ChannelOutputStream", "DatagramSocketAdaptor");

	private static final List<String> SOCKETS = List.of("Socket", "ServerSocket", "DatagramSocket", "SocketImpl",
			"SocksSocketImpl", "DelegatingSocketImpl");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		register(hints, "org.newsclub.net.unix.", JUNIXSOCKET);
		register(hints, "sun.nio.ch.", CHANNELS);
		register(hints, "java.net.", SOCKETS);
		register(hints, "", LibcBinding.LOOKED_UP);
		hints.jni().registerType(TypeReference.of(LibcBinding.NATIVE), MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(SocketMode.class, MemberCategory.INVOKE_PUBLIC_METHODS);
		BindableRuntimeHintsRegistrar.forTypes(InheritedSocketEnvironmentPostProcessor.Started.class)
			.registerHints(hints);
	}

	private static void register(RuntimeHints hints, String prefix, List<String> names) {
		names.forEach((name) -> hints.reflection()
			.registerType(TypeReference.of(prefix + name), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
					MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.ACCESS_DECLARED_FIELDS));
	}

}
