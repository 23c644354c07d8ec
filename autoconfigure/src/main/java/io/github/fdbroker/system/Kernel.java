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

package io.github.fdbroker.system;

import java.io.FileDescriptor;
import java.io.IOException;

import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;

/**
 * The binding that makes the system calls of this process. It is junixsocket, which works
 * everywhere, until another one is chosen.
 */
public final class Kernel {

	private static volatile Kernel current = new Kernel(new JunixsocketCalls());

	private final SystemCalls calls;

	private final SingletonSupplier<PeerCredentials> self = SingletonSupplier.of(this::readSelf);

	private Kernel(SystemCalls calls) {
		this.calls = calls;
	}

	/**
	 * Choose how system calls are made from now on.
	 * @param calls the binding
	 */
	public static void use(SystemCalls calls) {
		if (current.calls != calls) {
			current = new Kernel(calls);
		}
	}

	/**
	 * Return how system calls are made.
	 * @return the binding
	 */
	public static SystemCalls calls() {
		return current.calls;
	}

	/**
	 * Return the credentials that the kernel reports for this process itself.
	 * @return this process's pid, and its effective uid and gid when first asked
	 */
	public static PeerCredentials self() {
		return current.self.obtain();
	}

	private PeerCredentials readSelf() {
		try {
			FileDescriptor[] ends = this.calls.socketPair(SocketType.STREAM);
			try {
				return this.calls.peerCredentials(ends[0]);
			}
			finally {
				this.calls.close(FileDescriptors.number(ends[0]));
				this.calls.close(FileDescriptors.number(ends[1]));
			}
		}
		catch (IOException ex) {
			throw FdConfigurationException.unsupportedSystem("The system does not report the user of this process", ex);
		}
	}

}
