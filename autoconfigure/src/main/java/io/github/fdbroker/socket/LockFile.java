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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;

/**
 * A locked file, which contains the process id of the holder of the lock. The system
 * releases the lock when the process dies.
 */
final class LockFile {

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			LinkOption.NOFOLLOW_LINKS);

	/** No holder takes longer from the lock to its process id. */
	private static final Duration NAME_TIMEOUT = Duration.ofSeconds(1);

	private static final long PAUSE_NANOS = 1_000_000;

	private static final int PID_BYTES = 20;

	private static final Path OPEN_FILES = Path.of("/proc/self/fd");

	private final Path path;

	private final FileChannel file;

	private LockFile(Path path, FileChannel file) {
		this.path = path;
		this.file = file;
	}

	/**
	 * Create a file if there is none, and lock it.
	 * @param socket the socket that the lock is for
	 * @param path the file
	 * @throws FdConfigurationException if another process holds the lock, or the file
	 * cannot be used
	 */
	static LockFile lock(SocketPath socket, Path path) throws IOException {
		FileChannel file = null;
		while (file == null) {
			file = tryLock(socket, path);
		}
		return new LockFile(path, file);
	}

	/**
	 * Delete the file, then release the lock.
	 */
	void delete() {
		try (this.file) {
			Files.deleteIfExists(this.path);
		}
		catch (IOException ex) {
			// The next holder uses a lock file that stays behind.
		}
	}

	/**
	 * Open and lock the file.
	 * @return {@code null} if its holder deleted it meanwhile
	 */
	private static @Nullable FileChannel tryLock(SocketPath socket, Path path) throws IOException {
		try {
			FileIdentity expected = createOrCheck(socket, path);
			FileChannel file = FileChannel.open(path, OPTIONS);
			return lockOrClose(socket, path, expected, file) ? file : null;
		}
		catch (NoSuchFileException ex) {
			if (Files.notExists(socket.directory())) {
				throw ex;
			}
			return null;
		}
	}

	private static boolean lockOrClose(SocketPath socket, Path path, FileIdentity expected, FileChannel file)
			throws IOException {
		boolean locked = false;
		try {
			setCloseOnExec(path.toRealPath());
			await(socket, file);
			// The holder before may have deleted it between the open and the lock.
			if (expected.equals(FileIdentity.of(path, LinkOption.NOFOLLOW_LINKS))) {
				writePid(file);
				locked = true;
			}
		}
		finally {
			if (!locked) {
				file.close();
			}
		}
		return locked;
	}

	/**
	 * The Java runtime opens files so that the children of native code inherit them, and
	 * does not report the number. This must happen before the file is locked, because
	 * closing any descriptor of a file releases its locks.
	 */
	private static void setCloseOnExec(Path file) {
		try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN_FILES, (entry) -> file.equals(target(entry)))) {
			for (Path entry : open) {
				Kernel.calls().setCloseOnExec(FileDescriptors.of(Integer.parseInt(entry.getFileName().toString())));
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			// Without access to /proc, the children of native code inherit the lock file.
		}
	}

	private static @Nullable Path target(Path entry) {
		try {
			return Files.readSymbolicLink(entry);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static FileIdentity createOrCheck(SocketPath socket, Path path) throws IOException {
		try {
			Files.createFile(path, PRIVATE);
		}
		catch (FileAlreadyExistsException ex) {
			// Another process has it, or left it behind.
		}
		PathStatus status = PathStatus.of(path, LinkOption.NOFOLLOW_LINKS);
		check(socket, path, status);
		return status.identity();
	}

	/**
	 * Make sure that the file can be used: it is a regular file of this user that has no
	 * other name, so that writing to it changes no other file.
	 */
	private static void check(SocketPath socket, Path path, PathStatus status) {
		if (!status.isRegularFile()) {
			throw socket.unusable(path + " is not a regular file but " + status.type(),
					"Remove it, or choose another path");
		}
		if (status.uid() != Descriptors.self().uid() || status.links() > 1) {
			throw socket.unusable("%s is a file of uid %d with %d names".formatted(path, status.uid(), status.links()),
					"Remove it, or use a directory that only this user can write to");
		}
	}

	private static void await(SocketPath socket, FileChannel file) throws IOException {
		long deadline = System.nanoTime() + NAME_TIMEOUT.toNanos();
		while (file.tryLock() == null) {
			String holder = holder(file);
			if (!holder.isEmpty() || System.nanoTime() - deadline >= 0) {
				throw socket.inUse(holder.isEmpty() ? "a process that has not written its id" : "process " + holder);
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	private static void writePid(FileChannel file) throws IOException {
		file.truncate(0);
		file.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
	}

	/**
	 * Return the process id in the file.
	 * @return {@code ""} if the holder has not written it yet
	 */
	private static String holder(FileChannel file) throws IOException {
		ByteBuffer pid = ByteBuffer.allocate(PID_BYTES);
		file.read(pid, 0);
		String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString();
		return text.endsWith("\n") ? text.trim() : "";
	}

}
