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
import java.time.Duration;

import io.github.fdbroker.system.SystemCalls;

/**
 * A way to move bytes and descriptors over a connected socket.
 */
public interface Transport {

	/** {@code SCM_MAX_FD}, see unix(7). */
	int MAX_DESCRIPTORS = 253;

	/**
	 * Return the name, as it is configured and logged.
	 * @return the name
	 */
	String name();

	/**
	 * Return what the transport is made by, for the log.
	 * @return the name of a package
	 */
	String binding();

	/**
	 * Return how system calls are made that fit this transport.
	 * @return the calls
	 */
	SystemCalls system();

	/**
	 * Return how many descriptors the kernel passes in one message.
	 * @return the number
	 */
	default int maxDescriptors() {
		return MAX_DESCRIPTORS;
	}

	/**
	 * Return whether the kernel can report the sender of each message
	 * ({@code SO_PASSCRED}).
	 * @return {@code true} if so
	 */
	boolean passesCredentials();

	/**
	 * Prepare a socket before it is bound, connected or listens.
	 * @param descriptor the socket
	 * @param settings how it will be used
	 * @throws IOException if that fails
	 */
	void prepare(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException;

	/**
	 * Adopt a connected stream.
	 * @param descriptor the socket, which the result owns
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the means to use it
	 * @throws IOException if the socket is not usable; the caller still owns it
	 */
	default MessageSocket messageSocket(FileDescriptor descriptor, Duration sendTimeout) throws IOException {
		return messageSocket(descriptor, MessageSocketSettings.stream(sendTimeout));
	}

	/**
	 * Adopt a socket.
	 * @param descriptor the socket, which the result owns
	 * @param settings how it is used
	 * @return the means to use it
	 * @throws IOException if the socket is not usable; the caller still owns it
	 */
	MessageSocket messageSocket(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException;

}
