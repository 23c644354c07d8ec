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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.newsclub.net.unix.ConnectionRefusedSocketException;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Junixsocket;

/**
 * Tells a socket file that a dead process of ours left behind from everything else that
 * may be at its path. For use by the holder of the {@link PathLock} only.
 */
final class StaleSocket {

	private static final int TYPE_MASK = 0170000;

	private static final int TYPE_SOCKET = 0140000;

	/** Every bound socket of this network namespace (proc(5)). */
	private static final Path BOUND_SOCKETS = Path.of("/proc/net/unix");

	private StaleSocket() {
	}

	/**
	 * Remove the socket file if it is stale and ours.
	 * @throws FdConfigurationException if something else is at the path
	 * @throws FdConfigurationException if somebody serves it
	 */
	static void remove(SocketPath socket, SocketType type) throws IOException {
		if ((attribute(socket, "unix:mode") & TYPE_MASK) != TYPE_SOCKET) {
			throw socket.unusable("there is something that is not a socket, which is left untouched",
					"Remove it, or choose another path");
		}
		long owner = Descriptors.unsigned(attribute(socket, "unix:uid"));
		if (owner != Descriptors.self().uid()) {
			throw socket.unusable("there is a socket of uid " + owner + ", which is left untouched",
					"Use a directory that only this process can write to, or have the socket removed");
		}
		refuseIfServed(socket, type);
		Files.delete(socket.path());
	}

	/**
	 * A refused connection alone does not tell a stale file from a server that has bound
	 * its socket and not yet called listen(2).
	 */
	private static void refuseIfServed(SocketPath socket, SocketType type) throws IOException {
		FileDescriptor probe = Junixsocket.socket(type);
		try {
			Junixsocket.configureBlocking(probe, false);
			boolean connected = Junixsocket.connect(probe, socket.bytes());
			throw socket.inUse(holder(probe, type, connected));
		}
		catch (ConnectionRefusedSocketException ex) {
			if (isBound(socket.path())) {
				throw socket.inUse("a process that does not listen yet");
			}
		}
		catch (IOException ex) {
			if (Errno.of(ex) == Errno.EPROTOTYPE) {
				throw socket.inUse("a process whose socket there has another type");
			}
			throw ex;
		}
		finally {
			Descriptors.close(probe);
		}
	}

	private static String holder(FileDescriptor probe, SocketType type, boolean connected) throws IOException {
		if (!type.isConnected()) {
			return "a process that receives datagrams there";
		}
		return connected ? "process " + Descriptors.peerCredentials(probe).pid()
				: "a process that accepts no connections at the moment";
	}

	private static int attribute(SocketPath socket, String name) throws IOException {
		return (int) Files.getAttribute(socket.path(), name, LinkOption.NOFOLLOW_LINKS);
	}

	private static boolean isBound(Path path) throws IOException {
		if (!Files.isReadable(BOUND_SOCKETS)) {
			return false;
		}
		try (Stream<String> lines = Files.lines(BOUND_SOCKETS)) {
			return lines.anyMatch((line) -> line.endsWith(" " + path));
		}
	}

}
