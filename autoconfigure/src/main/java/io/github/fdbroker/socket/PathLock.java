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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Junixsocket;

/**
 * The right to serve a path, held by a lock on the file {@code <path>.lock}, which
 * contains the holder's process id. The system takes the lock away from a process that
 * dies.
 */
final class PathLock {

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			LinkOption.NOFOLLOW_LINKS);

	/** No holder takes longer from the lock to its process id. */
	private static final Duration NAME_TIMEOUT = Duration.ofSeconds(1);

	private static final long PAUSE_NANOS = 1_000_000;

	private static final int PID_BYTES = 20;

	private static final Path OPEN_FILES = Path.of("/proc/self/fd");

	/**
	 * Names of the sockets that this process has locked the paths of. Its own locks do
	 * not keep a process out, and closing any descriptor of a file gives up its locks
	 * (fcntl(2)), so a second attempt must not even open the file.
	 */
	private static final Map<Key, String> LOCKED_HERE = new ConcurrentHashMap<>();

	private final Key key;

	private final Path lockFile;

	private final FileChannel file;

	private PathLock(Key key, Path lockFile, FileChannel file) {
		this.key = key;
		this.lockFile = lockFile;
		this.file = file;
	}

	/**
	 * Take the right to serve a path. Its directory has passed {@link SocketDirectory}:
	 * nobody but this user and root can replace a file of this user there.
	 * @throws FdConfigurationException if another process has it, or another part of this
	 * one
	 */
	static PathLock acquire(SocketPath socket) throws IOException {
		Path lockFile = socket.path().resolveSibling(socket.path().getFileName() + ".lock");
		Key key = new Key(FileIdentity.of(socket.directory()), String.valueOf(socket.path().getFileName()));
		String other = LOCKED_HERE.putIfAbsent(key, socket.name());
		if (other != null) {
			throw socket.inUse("socket '" + other + "' of this process",
					other.equals(socket.name())
							? "Close the other application context, or give the socket another path: fdbroker.sockets."
									+ other + ".path"
							: "Give one of the two another path: fdbroker.sockets.%s.path or fdbroker.sockets.%s.path"
								.formatted(socket.name(), other));
		}
		try {
			FileChannel file = null;
			while (file == null) {
				file = tryLock(socket, lockFile);
			}
			return new PathLock(key, lockFile, file);
		}
		catch (IOException | RuntimeException | Error ex) {
			LOCKED_HERE.remove(key);
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
			LOCKED_HERE.remove(this.key);
		}
	}

	/**
	 * Open and lock the file.
	 * @return {@code null} if its holder deleted it meanwhile
	 */
	private static @Nullable FileChannel tryLock(SocketPath socket, Path lockFile) throws IOException {
		FileChannel file = null;
		boolean locked = false;
		try {
			FileIdentity expected = createOrCheck(socket, lockFile);
			file = FileChannel.open(lockFile, OPTIONS);
			setCloseOnExec(lockFile.toRealPath());
			lock(socket, file);
			// The holder before may have deleted it between the open and the lock.
			locked = expected.equals(FileIdentity.of(lockFile, LinkOption.NOFOLLOW_LINKS));
			if (locked) {
				writePid(file);
			}
			return locked ? file : null;
		}
		catch (NoSuchFileException ex) {
			if (Files.notExists(socket.directory())) {
				throw ex;
			}
			return null;
		}
		catch (IOException | RuntimeException ex) {
			locked = false;
			throw ex;
		}
		finally {
			if (!locked && file != null) {
				file.close();
			}
		}
	}

	/**
	 * The Java runtime opens files so that the children of native code inherit them, and
	 * does not tell the number. Before the file is locked, because closing any descriptor
	 * of a file gives up its locks.
	 */
	private static void setCloseOnExec(Path file) {
		try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN_FILES, (entry) -> file.equals(target(entry)))) {
			for (Path entry : open) {
				Junixsocket.setCloseOnExec(Junixsocket.descriptor(Integer.parseInt(entry.getFileName().toString())));
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

	/**
	 * Create the lock file, or make sure that the one that exists can be used: it is a
	 * regular file of this user that has no other name, so that writing to it changes no
	 * other file.
	 */
	private static FileIdentity createOrCheck(SocketPath socket, Path lockFile) throws IOException {
		try {
			Files.createFile(lockFile, PRIVATE);
		}
		catch (FileAlreadyExistsException ex) {
			// It is another process's, or was left behind by one.
		}
		PathStatus status = PathStatus.of(lockFile, LinkOption.NOFOLLOW_LINKS);
		if (!status.isRegularFile()) {
			throw socket.unusable(lockFile + " is not a regular file but " + status.type(),
					"Remove it, or choose another path");
		}
		if (status.uid() != Descriptors.self().uid() || status.links() > 1) {
			throw socket.unusable(
					"%s is a file of uid %d with %d names".formatted(lockFile, status.uid(), status.links()),
					"Remove it, or use a directory that only this user can write to");
		}
		return status.identity();
	}

	private static void lock(SocketPath socket, FileChannel file) throws IOException {
		long deadline = System.nanoTime() + NAME_TIMEOUT.toNanos();
		while (file.tryLock() == null) {
			String holder = holder(file);
			if (!holder.isEmpty() || System.nanoTime() - deadline >= 0) {
				throw socket.inUse(holder.isEmpty() ? "a process that does not tell its id" : "process " + holder);
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

	/**
	 * A path, whatever the directory is called.
	 *
	 * @param directory the directory
	 * @param name the name of the socket file
	 */
	private record Key(FileIdentity directory, String name) {

	}

}
