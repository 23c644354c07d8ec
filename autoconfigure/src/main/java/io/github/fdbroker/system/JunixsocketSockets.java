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

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocketCredentials;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

import io.github.fdbroker.SocketType;

/**
 * System calls on sockets by junixsocket.
 */
final class JunixsocketSockets {

	/** As junixsocket numbers it. */
	private static final int SO_SNDTIMEO = 0x1005;

	private static final int SO_SNDBUF = 0x1001;

	/** As junixsocket numbers it. */
	private static final int SO_RCVTIMEO = 0x1006;

	private static final int BIND_OPT_REUSE = 1;

	private static final int FAMILY_BYTES = 2;

	private JunixsocketSockets() {
	}

	static FileDescriptor socket(SocketType type) throws IOException {
		FileDescriptor descriptor = new FileDescriptor();
		Junixsocket.call(() -> Junixsocket.CREATE.invoke(descriptor, KernelAddress.AF_UNIX, SocketTypes.number(type)));
		return descriptor;
	}

	static FileDescriptor[] socketPair(SocketType type) throws IOException {
		FileDescriptor[] ends = { new FileDescriptor(), new FileDescriptor() };
		Junixsocket
			.call(() -> Junixsocket.PAIR.invoke(KernelAddress.AF_UNIX, SocketTypes.number(type), ends[0], ends[1]));
		return ends;
	}

	/**
	 * Bind to a path, and chmod the file to 0666, as junixsocket does.
	 */
	static void bind(FileDescriptor socket, byte[] path) throws IOException {
		ByteBuffer address = KernelAddress.encode(path);
		Junixsocket.call(() -> Junixsocket.BIND.invoke(address, address.remaining(), socket, 0));
	}

	/**
	 * With the option, junixsocket binds at once. Without it, junixsocket connects first,
	 * to whatever socket has the name.
	 */
	static void bindAbstract(FileDescriptor socket, byte[] name) throws IOException {
		ByteBuffer address = KernelAddress.encode(name);
		int length = Math.max(address.remaining(), FAMILY_BYTES);
		Junixsocket.call(() -> Junixsocket.BIND.invoke(address, length, socket, BIND_OPT_REUSE));
	}

	static void listen(FileDescriptor socket, int backlog) throws IOException {
		Junixsocket.call(() -> Junixsocket.LISTEN.invoke(socket, backlog));
	}

	/**
	 * Accept a connection. junixsocket closes the listening socket if the call fails.
	 */
	static FileDescriptor accept(FileDescriptor listening) throws IOException {
		ByteBuffer address = KernelAddress.buffer();
		FileDescriptor accepted = new FileDescriptor();
		Junixsocket.call(() -> Junixsocket.ACCEPT.invoke(address, address.capacity(), listening, accepted, -1L, 0));
		return accepted;
	}

	static boolean connect(FileDescriptor socket, byte[] path) throws IOException {
		ByteBuffer address = KernelAddress.encode(path);
		try {
			return (boolean) Junixsocket.CONNECT.invokeExact(address, address.remaining(), socket, -1L);
		}
		catch (ConnectionRefusedSocketException ex) {
			throw Errno.exception("connect", Errno.ECONNREFUSED);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static void shutdown(FileDescriptor socket, int how) throws IOException {
		Junixsocket.call(() -> Junixsocket.SHUTDOWN.invoke(socket, how));
	}

	static int available(FileDescriptor socket) throws IOException {
		try {
			return (int) Junixsocket.AVAILABLE.invokeExact(socket, (ByteBuffer) null);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static void setSendTimeout(FileDescriptor socket, int millis) throws IOException {
		Junixsocket.call(() -> Junixsocket.SET_OPTION.invoke(socket, SO_SNDTIMEO, millis));
	}

	static int sendBufferSize(FileDescriptor socket) throws IOException {
		try {
			return (int) Junixsocket.GET_OPTION.invoke(socket, SO_SNDBUF);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static void setSendBufferSize(FileDescriptor socket, int bytes) throws IOException {
		Junixsocket.call(() -> Junixsocket.SET_OPTION.invoke(socket, SO_SNDBUF, bytes));
	}

	static void setReceiveTimeout(FileDescriptor socket, int millis) throws IOException {
		Junixsocket.call(() -> Junixsocket.SET_OPTION.invoke(socket, SO_RCVTIMEO, millis));
	}

	static byte @Nullable [] name(FileDescriptor socket, boolean peer) throws IOException {
		try {
			return (byte[]) Junixsocket.SOCKNAME.invokeExact(-1, socket, peer);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	/**
	 * Return the class by which junixsocket represents a descriptor.
	 * @return {@link FileDescriptor} for a descriptor that is neither a stream socket nor
	 * a datagram socket
	 */
	static Class<?> primaryType(FileDescriptor descriptor) throws IOException {
		try {
			return (Class<?>) Junixsocket.PRIMARY_TYPE.invokeExact(descriptor);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static @Nullable AFUNIXSocketCredentials peerCredentials(FileDescriptor connection) throws IOException {
		try {
			AFUNIXSocketCredentials credentials = (AFUNIXSocketCredentials) Junixsocket.NEW_CREDENTIALS.invokeExact();
			return (AFUNIXSocketCredentials) Junixsocket.PEER_CREDENTIALS.invokeExact(connection, credentials);
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

}
