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
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.fdbroker.FdConfigurationException;

/**
 * The right to serve a path, which is a lock on the file {@code <path>.lock}.
 */
final class PathLock {

	/**
	 * The names of the sockets whose paths this process has locked. A lock does not keep
	 * out the process that holds it, and closing any descriptor of a file releases its
	 * locks (fcntl(2)), so a second attempt must not even open the file.
	 */
	private static final Map<Key, String> LOCKED_HERE = new ConcurrentHashMap<>();

	private final Key key;

	private final LockFile file;

	private PathLock(Key key, LockFile file) {
		this.key = key;
		this.file = file;
	}

	/**
	 * Take the right to serve a path. {@link SocketDirectory} has checked its directory:
	 * only this user and root can replace a file of this user there.
	 * @throws FdConfigurationException if another process, or another part of this one,
	 * has the right
	 */
	static PathLock acquire(SocketPath socket) throws IOException {
		Path lockFile = socket.path().resolveSibling(socket.path().getFileName() + ".lock");
		Key key = new Key(FileIdentity.of(socket.directory()), String.valueOf(socket.path().getFileName()));
		String other = LOCKED_HERE.putIfAbsent(key, socket.name());
		if (other != null) {
			throw socket.inUse("socket '" + other + "' of this process", remedy(socket.name(), other));
		}
		try {
			return new PathLock(key, LockFile.lock(socket, lockFile));
		}
		catch (IOException | RuntimeException | Error ex) {
			LOCKED_HERE.remove(key);
			throw ex;
		}
	}

	private static String remedy(String name, String other) {
		return other.equals(name)
				? "Close the other application context, or give the socket another path: fdbroker.sockets." + name
						+ ".path"
				: "Give one of the two another path: fdbroker.sockets.%s.path or fdbroker.sockets.%s.path"
					.formatted(name, other);
	}

	/**
	 * Delete the lock file, then release the lock.
	 */
	void release() {
		try {
			this.file.delete();
		}
		finally {
			LOCKED_HERE.remove(this.key);
		}
	}

	/**
	 * A path, whatever name of the directory it contains.
	 *
	 * @param directory the directory
	 * @param name the name of the socket file
	 */
	private record Key(FileIdentity directory, String name) {

	}

}
