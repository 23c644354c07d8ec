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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The place of a socket in the file system.
 *
 * @param name the name of the socket in the configuration
 * @param path the absolute path
 */
public record SocketPath(String name, Path path) {

	/**
	 * The longest path in bytes that fits {@code sockaddr_un} on every system there is:
	 * 108 with the NUL on Linux, 104 elsewhere (unix(7)).
	 */
	public static final int MAX_BYTES = System.getProperty("os.name").startsWith("Linux") ? 107 : 103;

	/**
	 * Create the place of a socket.
	 * @throws SocketPathException if the path is too long, or not possible
	 */
	public SocketPath {
		if (!isAbstract(path)) {
			path = path.toAbsolutePath().normalize();
		}
		int length = bytes(path).length;
		if (length > MAX_BYTES) {
			throw new SocketPathException(name, path,
					"it is %d bytes long, and the system takes %d at most".formatted(length, MAX_BYTES),
					"Choose a shorter path, for example below /run");
		}
		if (path.getFileName() == null) {
			throw new SocketPathException(name, path, "it names no file", "Add the name of the socket file");
		}
	}

	/**
	 * Whether a path stands for an abstract name (see unix(7)): it is relative and begins
	 * with {@code @}.
	 * @param path the path
	 * @return {@code true} if so
	 */
	public static boolean isAbstract(Path path) {
		return !path.isAbsolute() && path.toString().startsWith("@");
	}

	/**
	 * Whether this is an abstract name, which no file stands for.
	 * @return {@code false} for a path
	 */
	public boolean isAbstract() {
		return isAbstract(this.path);
	}

	byte[] bytes() {
		return isAbstract() ? UnixAddress.of(this.path.toString()).name() : bytes(this.path);
	}

	static byte[] bytes(Path path) {
		return path.toString().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return "'" + this.name + "' (" + this.path + ")";
	}

}
