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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import io.github.fdbroker.system.Descriptors;

/**
 * What the system says of the file at a path (stat(2)).
 *
 * @param identity which file it is
 * @param mode its type and permissions (inode(7))
 * @param uid the user that owns it
 * @param links how many names it has
 */
record PathStatus(FileIdentity identity, int mode, long uid, int links) {

	private static final int S_IFMT = 0170000;

	private static final int S_IFSOCK = 0140000;

	private static final int S_IFREG = 0100000;

	private static final int S_IFDIR = 0040000;

	private static final int S_IFIFO = 0010000;

	private static final int S_IFLNK = 0120000;

	private static final int PERMISSIONS = 07777;

	private static final int S_ISVTX = 01000;

	private static final int WRITABLE_BY_OTHERS = 022;

	/**
	 * Return the status of the file at a path.
	 */
	static PathStatus of(Path path, LinkOption... options) throws IOException {
		Map<String, Object> status = Files.readAttributes(path, "unix:dev,ino,mode,uid,nlink", options);
		return new PathStatus(new FileIdentity(value(status, "dev"), value(status, "ino")), (int) value(status, "mode"),
				Descriptors.unsigned((int) value(status, "uid")), (int) value(status, "nlink"));
	}

	private static Object value(Map<String, Object> status, String name) {
		return Objects.requireNonNull(status.get(name));
	}

	boolean isSocket() {
		return (this.mode & S_IFMT) == S_IFSOCK;
	}

	boolean isRegularFile() {
		return (this.mode & S_IFMT) == S_IFREG;
	}

	/**
	 * Return what it is, in words.
	 */
	String type() {
		return switch (this.mode & S_IFMT) {
			case S_IFSOCK -> "a socket";
			case S_IFREG -> "a regular file";
			case S_IFLNK -> "a symbolic link";
			case S_IFDIR -> "a directory";
			case S_IFIFO -> "a FIFO";
			default -> "a device";
		};
	}

	boolean isSymbolicLink() {
		return (this.mode & S_IFMT) == S_IFLNK;
	}

	boolean isSticky() {
		return (this.mode & S_ISVTX) != 0;
	}

	/**
	 * Return the permissions as chmod(1) takes them.
	 */
	String permissions() {
		return "%04o".formatted(this.mode & PERMISSIONS);
	}

	/**
	 * Whether its group or everybody may write to it.
	 */
	boolean isWritableByOthers() {
		return (this.mode & WRITABLE_BY_OTHERS) != 0;
	}

}
