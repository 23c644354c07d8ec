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

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Optional;

import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Epoll;
import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;

/**
 * The transport for 64-bit Linux, by system calls that are made directly.
 */
final class NativeTransport implements Transport {

	/** Found out once: what it takes does not change while a process lives. */
	private static final SingletonSupplier<Optional<String>> UNAVAILABLE = SingletonSupplier
		.of(NativeTransport::findUnavailable);

	private final NativeCalls system;

	private final SocketCalls calls;

	private final SocketPoller poller;

	NativeTransport() {
		this(new NativeCalls(LibcBinding.preferred().bind()));
	}

	NativeTransport(NativeCalls system) {
		this(system, new DirectSocketCalls(system.libc()));
	}

	NativeTransport(NativeCalls system, SocketCalls calls) {
		this.system = system;
		this.calls = calls;
		this.poller = new SocketPoller(() -> new Epoll(system.libc()));
	}

	/**
	 * Return why this transport cannot be used here.
	 * @return the reason, empty if it can
	 */
	static Optional<String> unavailable() {
		return UNAVAILABLE.obtain();
	}

	private static Optional<String> findUnavailable() {
		try {
			new TransportProbe(new NativeTransport()).verify();
			return Optional.empty();
		}
		catch (RuntimeException | LinkageError ex) {
			return Optional.of(String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public String name() {
		return "native";
	}

	@Override
	public String binding() {
		return this.system.libc().binding();
	}

	@Override
	public NativeCalls system() {
		return this.system;
	}

	@Override
	public boolean passesCredentials() {
		return true;
	}

	@Override
	public void prepare(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException {
		if (settings.passesCredentials()) {
			this.system.setOption(descriptor, NativeCalls.SO_PASSCRED, 1);
		}
	}

	@Override
	public MessageSocket messageSocket(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException {
		prepare(descriptor, settings);
		if (settings.type() == SocketType.STREAM) {
			// Urgent data beside the stream would make a socket ready and leave it so.
			this.system.setOption(descriptor, NativeCalls.SO_OOBINLINE, 1);
		}
		MessageSocket messageSocket = new NativeMessageSocket(descriptor, settings, this.system, this.calls,
				this.poller);
		// To calls that do not block, a datagram socket that was shut down looks like one
		// that nothing came for, and one looks ready to send whose receiver has no room.
		return (settings.type() == SocketType.DATAGRAM) ? new OffloadingMessageSocket(messageSocket) : messageSocket;
	}

}
