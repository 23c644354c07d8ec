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

package io.github.fdbroker.convert;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.springframework.util.Assert;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.NewDescriptors;

/**
 * Opens files and directories, and creates pipes, pairs of sockets and files in memory,
 * to send them. Requires Linux, and JNA on Java 21 and older. The caller owns what the
 * methods return, and has to close it. Safe for use by several threads.
 */
public final class DescriptorFactory {

	private final FdConverters converters;

	/**
	 * Create a factory.
	 * @param converters convert the descriptors to Java types
	 */
	public DescriptorFactory(FdConverters converters) {
		this.converters = converters;
	}

	/**
	 * Open a file, or a directory for reading.
	 * @param path a path of the default file system
	 * @param options how to open it: {@code READ}, {@code WRITE}, {@code APPEND},
	 * {@code CREATE}, {@code CREATE_NEW} and {@code TRUNCATE_EXISTING}; for reading if
	 * there are none
	 * @return the descriptor
	 * @throws IOException if it cannot be opened
	 */
	public OwnedFd open(Path path, OpenOption... options) throws IOException {
		return adopt(open(path, flags(Set.of(options))));
	}

	/**
	 * Open the location of a file or directory only ({@code O_PATH}, see open(2)), which
	 * a receiver can use for openat(2) and fstat(2), but not to read or write.
	 * @param path a path of the default file system
	 * @return the descriptor
	 * @throws IOException if it cannot be opened
	 */
	public OwnedFd location(Path path) throws IOException {
		return adopt(open(path, NewDescriptors.PATH));
	}

	/**
	 * Create a pipe.
	 * @return its ends
	 * @throws IOException if the process can open no more descriptors
	 */
	public Pipe pipe() throws IOException {
		FileDescriptor[] ends = NewDescriptors.pipe();
		return new Pipe(adopt(ends[0]), adopt(ends[1]));
	}

	/**
	 * Create two connected UNIX sockets.
	 * @param type their type
	 * @return the sockets
	 * @throws IOException if the process can open no more descriptors
	 */
	public SocketPair socketPair(SocketType type) throws IOException {
		FileDescriptor[] ends = NewDescriptors.socketPair(type);
		return new SocketPair(adopt(ends[0]), adopt(ends[1]));
	}

	/**
	 * Create an empty file in memory, which can be written and {@link #seal sealed}.
	 * @param name a name, which {@code /proc/self/fd} shows
	 * @return the descriptor, open for reading and writing
	 * @throws IOException if the kernel refuses
	 */
	public OwnedFd memory(String name) throws IOException {
		return adopt(NewDescriptors.memory(name));
	}

	/**
	 * Create a file in memory that cannot be changed.
	 * @param name a name, which {@code /proc/self/fd} shows
	 * @param content the content
	 * @return the descriptor, with its offset after the content
	 * @throws IOException if the kernel refuses
	 */
	@SuppressWarnings("resource") // Closing the stream would close the descriptor.
	public OwnedFd sealedMemory(String name, byte[] content) throws IOException {
		OwnedFd memory = memory(name);
		try {
			new FileOutputStream(memory.fileDescriptor()).write(content);
			seal(memory);
			return memory;
		}
		catch (IOException | RuntimeException | Error ex) {
			memory.close();
			throw ex;
		}
	}

	/**
	 * Seal a file in memory: nobody can change its content or its size from now on.
	 * @param memory the file; no writable mapping of it may exist
	 * @throws IOException if it is not a file in memory, or cannot be sealed
	 */
	public void seal(OwnedFd memory) throws IOException {
		NewDescriptors.seal(memory.fileDescriptor());
	}

	static FileDescriptor open(Path path, int flags) throws IOException {
		if (path.getFileSystem() != FileSystems.getDefault()) {
			throw new IOException(path + " is not in the default file system: copy it to a file");
		}
		try {
			return NewDescriptors.open(path.toString(), flags);
		}
		catch (IOException ex) {
			throw new IOException(path + ": " + ex.getMessage(), ex);
		}
	}

	private OwnedFd adopt(FileDescriptor descriptor) {
		try {
			return this.converters.adopt(descriptor);
		}
		catch (RuntimeException | Error ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
	}

	private static int flags(Set<OpenOption> options) {
		boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
		int flags = !writes ? NewDescriptors.READ
				: options.contains(StandardOpenOption.READ) ? NewDescriptors.READ_WRITE : NewDescriptors.WRITE;
		for (OpenOption option : options) {
			flags |= flag(option);
		}
		return flags;
	}

	private static int flag(OpenOption option) {
		Assert.isInstanceOf(StandardOpenOption.class, option);
		return switch ((StandardOpenOption) option) {
			case READ, WRITE -> 0;
			case APPEND -> NewDescriptors.APPEND;
			case CREATE -> NewDescriptors.CREATE;
			case CREATE_NEW -> NewDescriptors.CREATE | NewDescriptors.EXCLUSIVE;
			case TRUNCATE_EXISTING -> NewDescriptors.TRUNCATE;
			default -> throw new IllegalArgumentException("A file cannot be opened with the option " + option);
		};
	}

	/**
	 * The ends of a pipe.
	 *
	 * @param source the end to read from
	 * @param sink the end to write to
	 */
	public record Pipe(OwnedFd source, OwnedFd sink) implements Closeable {

		@Override
		public void close() {
			this.source.close();
			this.sink.close();
		}

	}

	/**
	 * Two connected sockets.
	 *
	 * @param first one of them
	 * @param second the other one
	 */
	public record SocketPair(OwnedFd first, OwnedFd second) implements Closeable {

		@Override
		public void close() {
			this.first.close();
			this.second.close();
		}

	}

}
