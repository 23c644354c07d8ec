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
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.Descriptors;

/**
 * The right to serve a path, held by a lock on the file {@code <path>.lock}, which
 * contains the holder's process id. The system takes the lock away from a process that
 * dies.
 */
final class PathLock {

	/**
	 * Paths locked by this process. Its own locks do not keep a process out, and closing
	 * any descriptor of a file gives up its locks (fcntl(2)), so a second attempt must
	 * not even open the file.
	 */
	private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

	private final Path lockFile;

	private final RandomAccessFile file;

	private PathLock(Path lockFile, RandomAccessFile file) {
		this.lockFile = lockFile;
		this.file = file;
	}

	/**
	 * Take the right to serve a path.
	 * @throws FdConfigurationException if another process has it, or another part of this
	 * one
	 */
	static PathLock acquire(SocketPath socket) throws IOException {
		Path lockFile = socket.path().resolveSibling(socket.path().getFileName() + ".lock");
		if (!LOCKED_HERE.add(lockFile)) {
			throw socket.inUse("another socket of this process");
		}
		try {
			PathLock lock = null;
			while (lock == null) {
				lock = tryAcquire(socket, lockFile);
			}
			return lock;
		}
		catch (IOException | RuntimeException ex) {
			LOCKED_HERE.remove(lockFile);
			throw ex;
		}
	}

	/**
	 * Delete the lock file, then give up the lock.
	 */
	void release() {
		try (this.file) {
			Files.deleteIfExists(this.lockFile);
		}
		catch (IOException ex) {
			// A lock file that stays behind is taken over by the next holder.
		}
		finally {
			LOCKED_HERE.remove(this.lockFile);
		}
	}

	private static @Nullable PathLock tryAcquire(SocketPath socket, Path lockFile) throws IOException {
		if (!isThere(socket, lockFile)) {
			return null;
		}
		RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
		boolean locked = false;
		try {
			if (file.getChannel().tryLock() == null) {
				throw socket.inUse("process " + holder(file));
			}
			locked = isAt(file.getFD(), lockFile);
			if (locked) {
				file.setLength(0);
				file.write((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
			}
			return locked ? new PathLock(lockFile, file) : null;
		}
		catch (IOException | RuntimeException ex) {
			locked = false;
			throw ex;
		}
		finally {
			if (!locked) {
				file.close();
			}
		}
	}

	/**
	 * Create the lock file, or look whether the one that exists can be used.
	 * @return {@code false} if its holder deleted it meanwhile
	 */
	private static boolean isThere(SocketPath socket, Path lockFile) throws IOException {
		try {
			Files.createFile(lockFile,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
			return true;
		}
		catch (FileAlreadyExistsException ex) {
			return isUsable(socket, lockFile);
		}
	}

	private static boolean isUsable(SocketPath socket, Path lockFile) throws IOException {
		try {
			if (!Files.readAttributes(lockFile, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
				throw socket.unusable(lockFile + " is not a regular file", "Remove it, or choose another path");
			}
			return true;
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * Whether the open file is the one at the path: the holder before may have deleted it
	 * between our open and our lock.
	 */
	private static boolean isAt(FileDescriptor descriptor, Path lockFile) throws IOException {
		try {
			FileIdentity open = FileIdentity.of(Path.of("/dev/fd/" + Descriptors.number(descriptor)));
			return open.equals(FileIdentity.of(lockFile));
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private static String holder(RandomAccessFile file) throws IOException {
		String pid = file.readLine();
		return (pid != null) ? pid : "unknown";
	}

}
