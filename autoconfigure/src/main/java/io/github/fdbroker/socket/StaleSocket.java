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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Kernel;

/**
 * Distinguishes the socket file of a dead process of this user from everything else that
 * may be at its path. For use by the holder of the {@link PathLock} only.
 */
final class StaleSocket {

	/** The longest time that a server may take from bind(2) to listen(2). */
	private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(1);

	private static final long PAUSE_MILLIS = 10;

	/** Every bound socket of this network namespace (proc(5)). */
	private static final Path BOUND_SOCKETS = Path.of("/proc/net/unix");

	private static final int COLUMNS = 8;

	private StaleSocket() {
	}

	/**
	 * Remove the socket file if it is stale and belongs to this user.
	 * @param staging where it can be checked
	 * @throws FdConfigurationException if another file is at the path, or a process
	 * serves it
	 */
	static void remove(SocketPath socket, SocketType type, StagingDirectory staging) throws IOException {
		PathStatus status = PathStatus.of(socket.path(), LinkOption.NOFOLLOW_LINKS);
		if (!status.isSocket()) {
			throw socket.unusable("there is %s, which is not a socket and is left untouched".formatted(status.type()),
					"Remove it, or choose another path");
		}
		if (status.uid() != Descriptors.self().uid()) {
			throw socket.unusable("there is a socket of uid " + status.uid() + ", which is left untouched",
					"Use a directory that only this process can write to, or have the socket removed");
		}
		awaitServer(socket, type);
		if (!staging.remove(socket.path(), status.identity())) {
			throw socket.unusable("another file was put there meanwhile, which is left untouched",
					"Start one application at a time with this path");
		}
	}

	/**
	 * A refused connection alone does not distinguish a stale file from a server that has
	 * bound its socket and not yet called listen(2), and neither does the list of bound
	 * sockets: it shows other mount namespaces too, and whatever lines the abstract names
	 * of other users contain. So the list is only a reason to try again.
	 */
	private static void awaitServer(SocketPath socket, SocketType type) throws IOException {
		long deadline = System.nanoTime() + LISTEN_TIMEOUT.toNanos();
		refuseIfServed(socket, type);
		while (isListed(socket.path()) && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
			refuseIfServed(socket, type);
		}
	}

	private static void refuseIfServed(SocketPath socket, SocketType type) throws IOException {
		FileDescriptor probe = Kernel.calls().socket(type);
		try {
			Kernel.calls().configureBlocking(probe, false);
			boolean connected = Kernel.calls().connect(probe, socket.bytes());
			throw socket.inUse(holder(probe, type, connected));
		}
		catch (IOException ex) {
			checkRefused(socket, ex);
		}
		finally {
			Descriptors.close(probe);
		}
	}

	private static void checkRefused(SocketPath socket, IOException ex) throws IOException {
		int errno = Errno.of(ex);
		if (errno == Errno.EPROTOTYPE) {
			throw socket.inUse("a process whose socket there has another type");
		}
		if (errno != Errno.ECONNREFUSED) {
			throw ex;
		}
	}

	private static String holder(FileDescriptor probe, SocketType type, boolean connected) throws IOException {
		if (!type.isConnected()) {
			return "a process that receives datagrams there";
		}
		return connected ? "process " + Descriptors.peerCredentials(probe).pid()
				: "a process that accepts no connections at the moment";
	}

	private static boolean isListed(Path path) throws IOException {
		if (!Files.isReadable(BOUND_SOCKETS)) {
			return false;
		}
		// Names are bytes, which not every charset can read.
		String name = new String(SocketPath.bytes(path), StandardCharsets.ISO_8859_1);
		try (Stream<String> lines = Files.lines(BOUND_SOCKETS, StandardCharsets.ISO_8859_1)) {
			return lines.map((line) -> line.split(" +", COLUMNS))
				.anyMatch((columns) -> columns.length == COLUMNS && columns[COLUMNS - 1].equals(name));
		}
	}

}
