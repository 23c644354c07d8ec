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
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;

import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;

/**
 * Determines what kind of socket a descriptor is without getsockopt(2): from the list of
 * sockets of the kernel, and from other system calls.
 */
final class SocketTraces {

	/** Every {@code AF_UNIX} socket of this network namespace (proc(5)). */
	private static final Path UNIX_SOCKETS = Path.of("/proc/net/unix");

	private static final int FLAGS_COLUMN = 3;

	private static final int TYPE_COLUMN = 4;

	private static final int STATE_COLUMN = 5;

	private static final int INODE_COLUMN = 6;

	/** {@code __SO_ACCEPTCON}. */
	private static final String LISTENING_FLAGS = "00010000";

	/** {@code SS_UNCONNECTED}. */
	private static final String UNCONNECTED_STATE = "01";

	private SocketTraces() {
	}

	static SocketKind inspect(FileDescriptor descriptor) throws IOException {
		Optional<String[]> listed = listed(descriptor);
		return listed.isPresent() ? ofColumns(listed.get()) : ofCalls(descriptor);
	}

	private static SocketKind ofColumns(String[] columns) {
		boolean listening = columns[FLAGS_COLUMN].equals(LISTENING_FLAGS);
		boolean connected = !listening && !columns[STATE_COLUMN].equals(UNCONNECTED_STATE);
		return new SocketKind(Family.UNIX, SocketTypes.of(Integer.parseInt(columns[TYPE_COLUMN], 16)), listening,
				connected);
	}

	private static SocketKind ofCalls(FileDescriptor descriptor) throws IOException {
		boolean named = JunixsocketSockets.name(descriptor, true) != null;
		Class<?> primaryType = JunixsocketSockets.primaryType(descriptor);
		SocketType type = type(primaryType);
		Family family = family(descriptor, primaryType);
		boolean listening = !named && type == SocketType.STREAM && isListening(descriptor, family);
		boolean connected = named || (!listening && family == Family.UNIX && !isHungUp(descriptor));
		return new SocketKind(family, type, listening, connected);
	}

	private static @Nullable SocketType type(Class<?> primaryType) {
		if (Socket.class.isAssignableFrom(primaryType)) {
			return SocketType.STREAM;
		}
		return DatagramSocket.class.isAssignableFrom(primaryType) ? SocketType.DATAGRAM : null;
	}

	private static Family family(FileDescriptor descriptor, Class<?> primaryType) throws IOException {
		if (primaryType == AFUNIXSocket.class || primaryType == AFUNIXDatagramSocket.class) {
			return Family.UNIX;
		}
		byte[] name = JunixsocketSockets.name(descriptor, false);
		return (name != null) ? KernelAddress.family(ByteBuffer.wrap(name)) : Family.OTHER;
	}

	/**
	 * Whether a stream socket without a named peer listens. If it does not, poll(2)
	 * reports a hang-up. The peer of a UNIX connection may have no name, and poll(2)
	 * reports no hang-up for such a connection, but reports that it is writable.
	 */
	private static boolean isListening(FileDescriptor descriptor, Family family) throws IOException {
		return !isHungUp(descriptor) && (family != Family.UNIX || !isWritable(descriptor));
	}

	/**
	 * Return the columns of a socket in the list of the kernel. Names in the list may
	 * contain line breaks, so a process can forge lines. If there are two lines for one
	 * socket, neither is used.
	 */
	private static Optional<String[]> listed(FileDescriptor descriptor) throws IOException {
		if (!Files.isReadable(UNIX_SOCKETS)) {
			return Optional.empty();
		}
		String inode = Files.getAttribute(Path.of("/proc/self/fd/" + FileDescriptors.number(descriptor)), "unix:ino")
			.toString();
		try (Stream<String> lines = Files.lines(UNIX_SOCKETS, StandardCharsets.ISO_8859_1)) {
			List<String[]> found = lines.map((line) -> line.trim().split(" +"))
				.filter((columns) -> columns.length > INODE_COLUMN && columns[INODE_COLUMN].equals(inode))
				.toList();
			return (found.size() == 1) ? Optional.of(found.get(0)) : Optional.empty();
		}
	}

	private static boolean isHungUp(FileDescriptor descriptor) throws IOException {
		return (pollWritable(descriptor) & SystemCalls.OP_INVALID) != 0;
	}

	private static boolean isWritable(FileDescriptor descriptor) {
		try {
			return (pollWritable(descriptor) & SystemCalls.OP_WRITE) != 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int pollWritable(FileDescriptor descriptor) throws IOException {
		return JunixsocketDescriptors.poll(new FileDescriptor[] { descriptor }, new int[] { SystemCalls.OP_WRITE },
				0)[0];
	}

}
