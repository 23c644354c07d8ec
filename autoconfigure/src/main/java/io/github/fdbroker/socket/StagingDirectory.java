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

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A private directory beside a socket, where no other user can see or replace a file. It
 * has room for one.
 */
final class StagingDirectory implements Closeable {

	static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private final Path directory;

	private StagingDirectory(Path directory) {
		this.directory = directory;
	}

	static StagingDirectory create(SocketPath socket) throws IOException {
		while (true) {
			StagingDirectory staging = new StagingDirectory(socket.directory().resolve(randomName()));
			staging.checkLength(socket);
			try {
				Files.createDirectory(staging.directory, PRIVATE);
				return staging;
			}
			catch (FileAlreadyExistsException ex) {
				// Another socket is being prepared under this name: take the next one.
			}
		}
	}

	private static String randomName() {
		return ".f" + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36, 36 * 36 * 36), 36);
	}

	private void checkLength(SocketPath socket) {
		int excess = SocketPath.bytes(entry()).length - SocketPath.MAX_BYTES;
		if (excess > 0) {
			throw socket.unusable(
					"it is prepared in a private directory beside its path, and the path there is %d bytes too long"
						.formatted(excess),
					"Choose a directory with a shorter path, for example below /run");
		}
	}

	/**
	 * Return the place of the one file.
	 */
	Path entry() {
		return this.directory.resolve("s");
	}

	/**
	 * Remove a file if it is the expected one. It is moved to this directory, where no
	 * other user can replace it, and checked there. Another file is moved back.
	 * @return whether it was removed
	 * @throws IOException if there is no such file, or it can be neither removed nor put
	 * back; then it stays here
	 */
	boolean remove(Path path, FileIdentity expected) throws IOException {
		Files.move(path, entry(), StandardCopyOption.ATOMIC_MOVE);
		if (!expected.equals(FileIdentity.of(entry(), LinkOption.NOFOLLOW_LINKS))) {
			Files.move(entry(), path);
			return false;
		}
		Files.delete(entry());
		return true;
	}

	/**
	 * Remove the directory, unless a file of another owner is left in it.
	 */
	@Override
	public void close() throws IOException {
		try {
			Files.deleteIfExists(this.directory);
		}
		catch (DirectoryNotEmptyException ex) {
			// The owner of the file finds it here.
		}
	}

}
