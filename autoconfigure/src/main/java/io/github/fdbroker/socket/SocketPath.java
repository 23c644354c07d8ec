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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;

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

	/** In place of a path that this process does not know. */
	private static final Path UNKNOWN = Path.of("/dev/fd/passed");

	/**
	 * Create the place of a socket.
	 * @throws FdConfigurationException if the path is too long, or not possible
	 */
	public SocketPath {
		if (!isAbstract(path)) {
			path = path.toAbsolutePath().normalize();
		}
		int length = bytes(path).length;
		if (length > MAX_BYTES) {
			throw unusable(name, path,
					"it is %d bytes long, and the system takes %d at most".formatted(length, MAX_BYTES),
					"Choose a shorter path, for example below /run", null);
		}
		if (path.getFileName() == null) {
			throw unusable(name, path, "it names no file", "Add the name of the socket file", null);
		}
	}

	/**
	 * Return the place of a socket that another process has opened, and is to pass.
	 * @param name the name of the socket in the configuration
	 * @return a place that this process cannot open a socket at
	 */
	public static SocketPath unknown(String name) {
		return new SocketPath(name, UNKNOWN);
	}

	/**
	 * Whether the path is not known to this process.
	 * @return {@code true} if another process has to pass the socket
	 */
	public boolean isUnknown() {
		return this.path.equals(UNKNOWN);
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

	FdConfigurationException unusable(String reason, String action) {
		return unusable(this.name, this.path, reason, action, null);
	}

	FdConfigurationException unusable(String reason, String action, Throwable cause) {
		return unusable(this.name, this.path, reason, action, cause);
	}

	private static FdConfigurationException unusable(String name, Path path, String reason, String action,
			@Nullable Throwable cause) {
		return new FdConfigurationException("Socket '%s' cannot be at %s: %s".formatted(name, path, reason), action,
				cause);
	}

	FdConfigurationException inUse(String server) {
		return inUse(server, "Stop the process that serves " + this.path + ", or choose another path");
	}

	FdConfigurationException inUse(String server, String action) {
		return new FdConfigurationException(
				"Socket '%s' cannot be opened: %s is served by %s".formatted(this.name, this.path, server), action);
	}

	/**
	 * Return the directory that the socket is in.
	 */
	Path directory() {
		Path parent = this.path.getParent();
		return (parent != null) ? parent : this.path;
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
