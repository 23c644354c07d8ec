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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Receives and sends UDP datagrams with their addresses.
 */
public final class InetDatagrams {

	private InetDatagrams() {
	}

	/**
	 * Receive a datagram (recvfrom(2)), waiting for one.
	 * @param descriptor a UDP socket
	 * @param target the buffer to put it into
	 * @return its sender
	 * @throws IOException if that fails
	 */
	public static @Nullable SocketAddress receive(FileDescriptor descriptor, ByteBuffer target) throws IOException {
		ByteBuffer data = ByteBuffer.allocateDirect(Math.max(1, target.remaining()));
		ByteBuffer address = KernelAddress.buffer();
		int count = JunixsocketMessages.receiveFrom(descriptor, data, address);
		if (count > 0) {
			target.put(data.limit(Math.min(count, target.remaining())));
		}
		return KernelAddress.decode(address);
	}

	/**
	 * Send a datagram (sendto(2)).
	 * @param descriptor a UDP socket
	 * @param source the data to send
	 * @param target the address to send to
	 * @return how many bytes were sent
	 * @throws IOException if that fails
	 */
	public static int send(FileDescriptor descriptor, ByteBuffer source, InetSocketAddress target) throws IOException {
		ByteBuffer data = ByteBuffer.allocateDirect(source.remaining()).put(source).flip();
		return JunixsocketMessages.sendTo(descriptor, data,
				KernelAddress.encode(target, Kernel.calls().socketKind(descriptor).family()));
	}

}
