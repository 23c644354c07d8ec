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

/**
 * The transport for 64-bit Linux and Java 22 or newer, over the foreign-function API.
 */
final class NativeTransport implements Transport {

	private static final int FIRST_VERSION = 22;

	/** Found out once: what it takes does not change while a process lives. */
	private static final SingletonSupplier<Optional<String>> UNAVAILABLE = SingletonSupplier
		.of(NativeTransport::findUnavailable);

	private final SocketCalls calls;

	private final SocketPoller poller = new SocketPoller();

	NativeTransport() {
		this(new ForeignSocketCalls());
	}

	NativeTransport(SocketCalls calls) {
		this.calls = calls;
	}

	/**
	 * Return why this transport cannot be used here.
	 * @return the reason, empty if it can
	 */
	static Optional<String> unavailable() {
		return UNAVAILABLE.obtain();
	}

	private static Optional<String> findUnavailable() {
		return unsuitable().or(NativeTransport::bindingFailure);
	}

	/**
	 * Return why this system cannot have this transport.
	 * @return the reason, empty if nothing is known against it
	 */
	static Optional<String> unsuitable() {
		String os = System.getProperty("os.name");
		String architecture = System.getProperty("os.arch");
		if (Runtime.version().feature() < FIRST_VERSION) {
			return Optional.of("it takes Java " + FIRST_VERSION + ", and this is " + Runtime.version().feature());
		}
		if (!os.equals("Linux") || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
			return Optional.of("it takes Linux on x86-64 or aarch64, and this is " + os + " on " + architecture);
		}
		return Optional.empty();
	}

	@Override
	public String name() {
		return "native";
	}

	@Override
	public int maxDescriptors() {
		return JunixsocketTransport.MAX_DESCRIPTORS;
	}

	@Override
	public boolean tellsSenders() {
		return true;
	}

	@Override
	public void prepare(FileDescriptor descriptor, CarrierSettings settings) throws IOException {
		if (settings.tellsSenders()) {
			tellSenders(descriptor);
		}
	}

	private static void tellSenders(FileDescriptor descriptor) throws IOException {
		NativeDescriptors natives = NativeDescriptors.instance();
		if (natives != null) {
			natives.setOption(Descriptors.number(descriptor), NativeDescriptors.SO_PASSCRED, 1);
		}
	}

	@Override
	public Carrier carrier(FileDescriptor descriptor, CarrierSettings settings) throws IOException {
		prepare(descriptor, settings);
		Carrier carrier = new NativeCarrier(descriptor, settings, this.calls, this.poller);
		// To calls that do not block, a datagram socket that was shut down looks like one
		// that nothing came for, and one looks ready to send whose receiver has no room.
		return (settings.type() == SocketType.DATAGRAM) ? new PlatformThreadCarrier(carrier) : carrier;
	}

	private static Optional<String> bindingFailure() {
		try {
			new TransportProbe(new NativeTransport()).verify();
			return Optional.empty();
		}
		catch (RuntimeException | LinkageError ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			return Optional.of(cause.toString());
		}
	}

}
