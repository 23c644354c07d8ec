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

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind.Family;

/**
 * Reads and writes the kernel's {@code sockaddr} structures (unix(7), ip(7), ipv6(7)),
 * with the numbers of Linux.
 */
public final class KernelAddress {

	static final int AF_UNIX = 1;

	private static final int AF_INET = 2;

	private static final int AF_INET6 = 10;

	/** The capacity of a buffer for any address, which junixsocket demands. */
	private static final int BUFFER_BYTES = 256;

	private static final int PORT = 2;

	private static final int INET_ADDRESS = 4;

	private static final int INET_LENGTH = 16;

	private static final int INET6_ADDRESS = 8;

	private static final int INET6_LENGTH = 28;

	private static final byte[] MAPPED_PREFIX = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1 };

	private KernelAddress() {
	}

	public static Family family(ByteBuffer address) {
		return family(familyNumber(address));
	}

	/**
	 * Return the family that a number stands for.
	 */
	public static Family family(int number) {
		return switch (number) {
			case AF_UNIX -> Family.UNIX;
			case AF_INET -> Family.INET;
			case AF_INET6 -> Family.INET6;
			default -> Family.OTHER;
		};
	}

	/**
	 * Read an address.
	 * @return the address, or {@code null} if it has none or is of a family unknown here
	 */
	public static @Nullable SocketAddress decode(ByteBuffer address) throws IOException {
		return switch (familyNumber(address)) {
			case AF_UNIX -> unix(address);
			case AF_INET -> inet(address, INET_ADDRESS, new byte[4]);
			case AF_INET6 -> inet(address, INET6_ADDRESS, new byte[16]);
			default -> null;
		};
	}

	/**
	 * Return a direct buffer that takes any address.
	 */
	public static ByteBuffer buffer() {
		return ByteBuffer.allocateDirect(BUFFER_BYTES);
	}

	/**
	 * Write an {@code AF_UNIX} address.
	 * @param name a path, or an abstract name with its leading zero
	 * @return a direct buffer that ends with the address
	 */
	public static ByteBuffer encode(byte[] name) throws IOException {
		ByteBuffer address = buffer();
		Junixsocket.call(() -> {
			int length = (int) Junixsocket.TO_ADDRESS.invokeExact(AF_UNIX, address, name);
			address.limit(length);
		});
		return address;
	}

	/**
	 * Write an address for a socket of a family.
	 * @return a direct buffer that ends with the address
	 */
	public static ByteBuffer encode(InetSocketAddress address, Family family) {
		boolean inet6 = family == Family.INET6;
		ByteBuffer buffer = buffer();
		buffer.order(ByteOrder.nativeOrder()).putShort(0, (short) (inet6 ? AF_INET6 : AF_INET));
		buffer.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) address.getPort());
		buffer.position(inet6 ? INET6_ADDRESS : INET_ADDRESS);
		if (inet6 && !(address.getAddress() instanceof Inet6Address)) {
			buffer.put(MAPPED_PREFIX);
		}
		return buffer.put(address.getAddress().getAddress()).rewind().limit(inet6 ? INET6_LENGTH : INET_LENGTH);
	}

	private static int familyNumber(ByteBuffer address) {
		return (address.limit() > 1) ? address.duplicate().order(ByteOrder.nativeOrder()).getShort(0) : 0;
	}

	private static @Nullable SocketAddress unix(ByteBuffer address) {
		byte[] path = new byte[address.limit() - PORT];
		address.get(PORT, path);
		int length = 0;
		while (length < path.length && path[length] != 0) {
			length++;
		}
		return (length > 0) ? UnixDomainSocketAddress.of(new String(path, 0, length, StandardCharsets.UTF_8)) : null;
	}

	private static SocketAddress inet(ByteBuffer address, int offset, byte[] bytes) throws IOException {
		address.get(offset, bytes);
		int port = Short.toUnsignedInt(address.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(PORT));
		return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
	}

}
