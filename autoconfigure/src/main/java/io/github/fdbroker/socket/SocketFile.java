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

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;

/**
 * The socket file of a listening socket, from before it can be seen until it is removed.
 * <p>
 * The socket is bound in a private directory beside its final place, gets its mode and
 * group there, listens, and only then appears under its name, by link(2), which replaces
 * nothing. So no process can connect before the permissions are set and the socket
 * listens.
 */
final class SocketFile implements Binding {

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
	 * @throws FdConfigurationException if another process serves the path, or the socket
	 * cannot be there
	 */
	static SocketFile publish(NewSocket created, SocketPath socket, SocketFileSettings settings) {
		return locked(socket, settings.createDirectory(), () -> publishLocked(created, socket, settings));
	}

	/**
	 * Take over the file of a socket that another process has released.
	 * @throws FdConfigurationException if another process owns the path, or there is no
	 * file
	 */
	static SocketFile takeOver(SocketPath socket) {
		return locked(socket, false, () -> FileIdentity.of(socket.path(), LinkOption.NOFOLLOW_LINKS));
	}

	private static SocketFile locked(SocketPath socket, boolean createDirectory, Finding finding) {
		try {
			SocketDirectory.require(socket, createDirectory);
			PathLock lock = PathLock.acquire(socket);
			try {
				return new SocketFile(socket, lock, finding.find());
			}
			catch (IOException | RuntimeException | Error ex) {
				lock.release();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw explain(socket, ex);
		}
	}

	@Override
	public void release() {
		this.lock.release();
	}

	/**
	 * Remove the file if it is still the file of this socket, and release the path.
	 */
	@Override
	public void remove() {
		try {
			if (this.identity.equals(FileIdentity.of(this.socket.path(), LinkOption.NOFOLLOW_LINKS))) {
				removeFile();
			}
		}
		catch (IOException | FdConfigurationException ex) {
			// The file is gone, or this process may no longer remove it.
		}
		finally {
			this.lock.release();
		}
	}

	private void removeFile() throws IOException {
		try (StagingDirectory staging = StagingDirectory.create(this.socket)) {
			staging.remove(this.socket.path(), this.identity);
		}
	}

	private static FileIdentity publishLocked(NewSocket created, SocketPath socket, SocketFileSettings settings)
			throws IOException {
		try (StagingDirectory staging = StagingDirectory.create(socket)) {
			Path staged = staging.entry();
			try {
				Kernel.calls().bind(created.descriptor(), SocketPath.bytes(staged));
				setGroup(socket, staged, settings);
				Files.setPosixFilePermissions(staged, settings.mode());
				created.open();
				FileIdentity identity = FileIdentity.of(staged, LinkOption.NOFOLLOW_LINKS);
				link(socket, created.type(), staged);
				return identity;
			}
			finally {
				Files.deleteIfExists(staged);
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
			removeStale(socket, type);
			Files.createLink(socket.path(), staged);
		}
	}

	/**
	 * Use a staging directory of its own: the other one has the staged file in its one
	 * place.
	 */
	private static void removeStale(SocketPath socket, SocketType type) throws IOException {
		try (StagingDirectory staging = StagingDirectory.create(socket)) {
			StaleSocket.remove(socket, type, staging);
		}
	}

	private static FdConfigurationException explain(SocketPath socket, IOException ex) {
		Path directory = socket.directory();
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

	/**
	 * Finds or creates the file while its path is locked.
	 */
	private interface Finding {

		FileIdentity find() throws IOException;

	}

}
