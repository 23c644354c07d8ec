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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Descriptors;

/**
 * Determines which users can replace the files in the directory of a socket. A user who
 * may write to it, or to a directory above it, can replace the socket between any two
 * system calls, unless the sticky bit allows this only to the owner of the file. Every
 * directory and every symbolic link in the path has to belong to a trusted user.
 */
final class SocketDirectory {

	/** As in path_resolution(7). */
	private static final int MAX_LINKS = 40;

	private static final long SUPERUSER = 0;

	private final Path directory;

	private final boolean create;

	private final Set<Long> trusted;

	private final Path root;

	private SocketDirectory(Path directory, boolean create, long user) throws IOException {
		this.directory = directory;
		this.create = create;
		this.root = Path.of("/");
		// In a user namespace, root may have another uid: that of the owner of /.
		this.trusted = new HashSet<>(Set.of(SUPERUSER));
		this.trusted.add(user);
		this.trusted.add(PathStatus.of(this.root).uid());
	}

	/**
	 * Require that only this user and root can replace the files of a directory.
	 * @param create whether to create missing directories, for this user alone
	 * @throws io.github.fdbroker.FdConfigurationException if others can
	 * @throws IOException if the directory is missing or cannot be seen
	 */
	static void require(SocketPath socket, boolean create) throws IOException {
		Path directory = socket.directory();
		String objection = new SocketDirectory(directory, create, Descriptors.self().uid()).objection();
		if (objection != null) {
			throw socket.unusable(objection, "Use a directory that nobody but this user and root may write to, as "
					+ "systemd's RuntimeDirectory= makes one below /run; or correct its owner, or its mode (chmod go-w)");
		}
	}

	/**
	 * Return why a user other than root and the given one can replace the files of a
	 * directory.
	 * @return {@code null} if none can
	 */
	static @Nullable String objection(Path directory, long user) throws IOException {
		return new SocketDirectory(directory, false, user).objection();
	}

	/**
	 * Resolve the path one name after the other, as the system does.
	 */
	private @Nullable String objection() throws IOException {
		Deque<Path> names = new ArrayDeque<>();
		this.directory.forEach(names::addLast);
		Path at = this.root;
		String objection = objection(at, PathStatus.of(at));
		for (int links = 0; objection == null && !names.isEmpty();) {
			Path next = at.resolve(names.removeFirst()).normalize();
			PathStatus status = status(next);
			objection = objection(next, status);
			if (!status.isSymbolicLink()) {
				at = next;
			}
			else if (links++ < MAX_LINKS) {
				Path target = Files.readSymbolicLink(next);
				at = target.isAbsolute() ? this.root : at;
				pushAll(names, target);
			}
			else {
				throw new FileSystemLoopException(next.toString());
			}
		}
		return objection;
	}

	private PathStatus status(Path path) throws IOException {
		try {
			return PathStatus.of(path, LinkOption.NOFOLLOW_LINKS);
		}
		catch (NoSuchFileException ex) {
			if (!this.create) {
				throw ex;
			}
			create(path);
			return PathStatus.of(path, LinkOption.NOFOLLOW_LINKS);
		}
	}

	private static void create(Path path) throws IOException {
		try {
			Files.createDirectory(path, StagingDirectory.PRIVATE);
		}
		catch (FileAlreadyExistsException ex) {
			// Another process created it meanwhile, and it is checked like any other.
		}
	}

	private @Nullable String objection(Path path, PathStatus status) {
		if (!this.trusted.contains(status.uid())) {
			return "%s belongs to uid %d, who could replace the socket".formatted(path, status.uid());
		}
		boolean open = !status.isSymbolicLink() && status.isWritableByOthers() && !status.isSticky();
		return open
				? "others may write to %s (mode %s), and could replace the socket".formatted(path, status.permissions())
				: null;
	}

	private static void pushAll(Deque<Path> names, Path target) {
		for (int i = target.getNameCount() - 1; i >= 0; i--) {
			names.addFirst(target.getName(i));
		}
	}

}
