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
import java.nio.ByteBuffer;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Sends and receives messages with descriptors by junixsocket.
 */
public final class JunixsocketMessages {

	private static final int OPT_DGRAM_MODE = 16;

	private JunixsocketMessages() {
	}

	/**
	 * Create the state that junixsocket keeps for the control messages of a socket. No
	 * socket of junixsocket refers to this state, so none closes what was received.
	 * @param buffer where the kernel puts the control messages: a direct buffer of any
	 * size, where junixsocket itself never uses more than 256 bytes
	 * @return the state
	 */
	public static Object ancillary(ByteBuffer buffer) {
		try {
			Object ancillary = (Object) Junixsocket.NEW_ANCILLARY.invokeExact();
			Junixsocket.ANCILLARY_BUFFER.set(ancillary, buffer);
			return ancillary;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Set the descriptors that the next {@link #send} passes.
	 * @param ancillary the state of the socket
	 * @param numbers the numbers of the descriptors, {@code null} for none
	 */
	public static void setPendingDescriptors(Object ancillary, int @Nullable [] numbers) {
		Junixsocket.PENDING_DESCRIPTORS.set(ancillary, numbers);
	}

	/**
	 * Take the descriptors that arrived. junixsocket forgets them.
	 * @param ancillary the state of the socket
	 * @return the descriptors, which the caller has to close
	 */
	public static FileDescriptor[] takeReceived(Object ancillary) {
		try {
			((Map<?, ?>) Junixsocket.OPEN_RECEIVED.invokeExact(ancillary)).clear();
			return (FileDescriptor[]) Junixsocket.TAKE_RECEIVED.invokeExact(ancillary);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Receive bytes and descriptors.
	 * @param descriptor the socket
	 * @param into a direct buffer, whose position does not move
	 * @param address takes the address of the sender of a datagram, and is cleared before
	 * @param ancillary the state of the socket, {@code null} for no descriptors
	 * @return how many bytes were received; 0 if there are none and the socket does not
	 * block; -1 for an empty message and for the end
	 * @throws IOException if the call fails
	 */
	public static int receive(FileDescriptor descriptor, ByteBuffer into, @Nullable ByteBuffer address,
			@Nullable Object ancillary) throws IOException {
		try {
			return (int) Junixsocket.RECEIVE.invokeExact(descriptor, into, into.position(), into.remaining(), address,
					0, ancillary, 0);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	/**
	 * Send bytes and the pending descriptors.
	 * @param descriptor the socket
	 * @param data a direct buffer, whose position does not move
	 * @param address the receiver, {@code null} for the peer
	 * @param ancillary the state of the socket, {@code null} for no descriptors
	 * @return how many bytes were taken, 0 also if there is no room
	 * @throws IOException if the call fails
	 */
	public static int send(FileDescriptor descriptor, ByteBuffer data, @Nullable ByteBuffer address,
			@Nullable Object ancillary) throws IOException {
		try {
			return (int) Junixsocket.SEND.invokeExact(descriptor, data, data.position(), data.remaining(), address,
					(address != null) ? address.remaining() : 0, 0, ancillary);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	/**
	 * Receive a datagram and the address of its sender.
	 * @return how many bytes were received; the result is the same for an empty datagram
	 * and for none
	 */
	static int receiveFrom(FileDescriptor descriptor, ByteBuffer into, ByteBuffer address) throws IOException {
		try {
			return (int) Junixsocket.RECEIVE.invokeExact(descriptor, into, into.position(), into.remaining(), address,
					OPT_DGRAM_MODE, (Object) null, 0);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static int sendTo(FileDescriptor descriptor, ByteBuffer data, ByteBuffer address) throws IOException {
		try {
			return (int) Junixsocket.SEND.invokeExact(descriptor, data, data.position(), data.remaining(), address,
					address.remaining(), OPT_DGRAM_MODE, (Object) null);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

}
