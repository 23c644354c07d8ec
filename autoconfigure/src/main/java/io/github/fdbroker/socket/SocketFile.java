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

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Junixsocket;

/**
 * The socket file of a listening socket, from before it can be seen until it is removed.
 * <p>
 * The socket is bound in a private directory beside its final place, gets its mode and
 * group there, listens, and only then appears under its name, by link(2), which replaces
 * nothing. So nobody can connect who should not, and whoever can is served.
 */
final class SocketFile implements Binding {

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private final SocketPath socket;

	private final PathLock lock;

	private final FileIdentity identity;

	private SocketFile(SocketPath socket, PathLock lock, FileIdentity identity) {
		this.socket = socket;
		this.lock = lock;
		this.identity = identity;
	}

	/**
	 * Bind a socket, open it, and publish its file.
	 * @param created the socket, which stays the caller's
	 * @throws FdConfigurationException if somebody serves the path
	 * @throws FdConfigurationException if the socket cannot be there
	 */
	static SocketFile publish(NewSocket created, SocketPath socket, SocketFileSettings settings) {
		try {
			if (settings.createDirectory()) {
				Files.createDirectories(directory(socket), PRIVATE);
			}
			PathLock lock = PathLock.acquire(socket);
			try {
				return new SocketFile(socket, lock, publishLocked(created, socket, settings));
			}
			catch (IOException | RuntimeException ex) {
				lock.release();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw explain(socket, ex);
		}
	}

	/**
	 * Remove the file if it is still ours, and give up the right to the path.
	 */
	@Override
	public void remove() {
		try {
			if (this.identity.equals(FileIdentity.of(this.socket.path(), LinkOption.NOFOLLOW_LINKS))) {
				Files.delete(this.socket.path());
			}
		}
		catch (IOException ex) {
			// A file that is gone, or that we may no longer touch, is not ours to remove.
		}
		finally {
			this.lock.release();
		}
	}

	private static FileIdentity publishLocked(NewSocket created, SocketPath socket, SocketFileSettings settings)
			throws IOException {
		Path staging = createStagingDirectory(socket);
		Path staged = staging.resolve("s");
		try {
			Junixsocket.bind(created.descriptor(), SocketPath.bytes(staged));
			setGroup(socket, staged, settings);
			Files.setPosixFilePermissions(staged, settings.mode());
			created.open();
			FileIdentity identity = FileIdentity.of(staged, LinkOption.NOFOLLOW_LINKS);
			link(socket, created.type(), staged);
			return identity;
		}
		finally {
			Files.deleteIfExists(staged);
			Files.deleteIfExists(staging);
		}
	}

	private static Path createStagingDirectory(SocketPath socket) throws IOException {
		while (true) {
			String name = ".f" + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36, 36 * 36 * 36), 36);
			Path staging = directory(socket).resolve(name);
			int excess = SocketPath.bytes(staging.resolve("s")).length - SocketPath.MAX_BYTES;
			if (excess > 0) {
				throw socket.unusable(
						"it is prepared in a private directory beside its path, and the path there is %d bytes too long"
							.formatted(excess),
						"Choose a directory with a shorter path, for example below /run");
			}
			try {
				return Files.createDirectory(staging, PRIVATE);
			}
			catch (FileAlreadyExistsException ex) {
				// Another socket is being prepared under this name: take the next one.
			}
		}
	}

	private static void setGroup(SocketPath socket, Path staged, SocketFileSettings settings) throws IOException {
		if (settings.gid() == null) {
			return;
		}
		try {
			Files.setAttribute(staged, "unix:gid", settings.gid().intValue(), LinkOption.NOFOLLOW_LINKS);
		}
		catch (FileSystemException ex) {
			throw socket.unusable("the file cannot be given to group " + settings.gid() + " (" + ex.getReason() + ")",
					"Choose a group that this process is a member of", ex);
		}
	}

	private static void link(SocketPath socket, SocketType type, Path staged) throws IOException {
		try {
			Files.createLink(socket.path(), staged);
		}
		catch (FileAlreadyExistsException ex) {
			StaleSocket.remove(socket, type);
			Files.createLink(socket.path(), staged);
		}
	}

	private static Path directory(SocketPath socket) {
		Path parent = socket.path().getParent();
		return (parent != null) ? parent : socket.path();
	}

	private static FdConfigurationException explain(SocketPath socket, IOException ex) {
		Path directory = directory(socket);
		if (ex instanceof NoSuchFileException) {
			return socket.unusable("there is no directory " + directory,
					"Create it, or have it created by setting fdbroker.sockets." + socket.name()
							+ ".create-directory=true",
					ex);
		}
		if (ex instanceof AccessDeniedException) {
			return socket.unusable(
					"this process (uid " + Descriptors.self().uid() + ") may not create files in " + directory,
					"Give it a directory of its own, for example by systemd's RuntimeDirectory=", ex);
		}
		String reason = (ex instanceof FileSystemException fs && fs.getReason() != null) ? fs.getReason()
				: String.valueOf(ex.getMessage());
		return socket.unusable(reason, "Make " + directory + " usable", ex);
	}

}
