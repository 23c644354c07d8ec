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

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdConverters} and the built-in converters, with every kind of
 * descriptor.
 */
class ConvertersTests {

	private static final Map<Class<?>, String> NEEDS = Map.of(FileInputStream.class, "something to read from",
			FileOutputStream.class, "something to write to", FileChannel.class, "a regular file or a device",
			SocketChannel.class, "a connected stream socket", ServerSocketChannel.class, "a listening socket",
			DatagramChannel.class, "a UDP socket", Pipe.SourceChannel.class, "the end of a pipe to read from",
			Pipe.SinkChannel.class, "the end of a pipe to write to");

	private static OddDescriptors descriptors;

	@TempDir
	Path directory;

	@BeforeAll
	static void start() throws IOException {
		descriptors = OddDescriptors.start();
	}

	@AfterAll
	static void stop() throws IOException {
		descriptors.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					file-read        | a regular file, open for reading                       | FileInputStream FileChannel
					file-write       | a regular file, open for writing                       | FileOutputStream FileChannel
					file-append      | a regular file, open for writing                       | FileOutputStream FileChannel
					file-read-write  | a regular file, open for reading and writing           | FileInputStream FileOutputStream FileChannel
					memfd            | a regular file, open for reading and writing           | FileInputStream FileOutputStream FileChannel
					file-path        | a regular file, open as a path only (O_PATH)           | none
					directory        | a directory, open for reading                          | none
					pipe-read        | a pipe, open for reading                               | FileInputStream SourceChannel
					pipe-write       | a pipe, open for writing                               | FileOutputStream SinkChannel
					fifo             | a pipe, open for reading and writing                   | FileInputStream FileOutputStream SourceChannel SinkChannel
					zero             | a character device, open for reading                   | FileInputStream FileChannel
					eventfd          | an anonymous descriptor, open for reading and writing  | FileInputStream FileOutputStream
					epoll            | an anonymous descriptor, open for reading and writing  | FileInputStream FileOutputStream
					tcp-connected    | a connected TCP socket                                 | FileInputStream FileOutputStream SocketChannel
					tcp-listening    | a listening TCP socket                                 | ServerSocketChannel
					tcp-unconnected  | an unconnected TCP socket                              | FileInputStream FileOutputStream
					tcp6-connected   | a connected TCP socket                                 | FileInputStream FileOutputStream SocketChannel
					tcp6-listening   | a listening TCP socket                                 | ServerSocketChannel
					udp              | an unconnected UDP socket                              | FileInputStream FileOutputStream DatagramChannel
					udp-connected    | a connected UDP socket                                 | FileInputStream FileOutputStream DatagramChannel
					udp6             | an unconnected UDP socket                              | FileInputStream FileOutputStream DatagramChannel
					unix-connected   | a connected UNIX stream socket                         | FileInputStream FileOutputStream SocketChannel
					unix-listening   | a listening UNIX stream socket                         | ServerSocketChannel
					unix-unconnected | an unconnected UNIX stream socket                      | FileInputStream FileOutputStream
					unix-datagram    | a connected UNIX datagram socket                       | FileInputStream FileOutputStream
					unix-seqpacket   | a connected UNIX seqpacket socket                      | FileInputStream FileOutputStream
					""")
	void asTellsWhatArrivedAndWhatWasWanted(String name, String kind, String types) throws IOException {
		try (OwnedFd descriptor = descriptors.get(name)) {
			assertThat(descriptor.kind()).hasToString(kind);
			List<String> accepting = List.of(types.split(" "));
			for (Class<?> type : NEEDS.keySet()) {
				if (accepting.contains(type.getSimpleName())) {
					FdSources.close(descriptor.dup().into(type));
				}
				else {
					assertRefused(descriptor, type, kind);
				}
			}
		}
	}

	private static void assertRefused(OwnedFd descriptor, Class<?> type, String kind) {
		assertThatExceptionOfType(FdConversionException.class).as("%s as %s", kind, type)
			.isThrownBy(() -> descriptor.into(type))
			.withMessage("A %s requires %s, but the descriptor is %s".formatted(type.getSimpleName(), NEEDS.get(type),
					kind));
		assertThat(descriptor.isOpen()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "tcp-connected, INET, STREAM", "tcp6-connected, INET6, STREAM", "udp, INET, DATAGRAM",
			"udp6, INET6, DATAGRAM", "unix-connected, UNIX, STREAM", "unix-datagram, UNIX, DATAGRAM",
			"unix-seqpacket, UNIX, SEQPACKET", "tcp-listening, INET, STREAM", "tcp6-listening, INET6, STREAM" })
	void kindWhenSocketTellsFamilyAndType(String name, FdKind.Family family, SocketType type) throws IOException {
		try (OwnedFd descriptor = descriptors.get(name)) {
			assertThat(descriptor.kind().socket()).isNotNull()
				.extracting(FdKind.SocketKind::family, FdKind.SocketKind::type)
				.containsExactly(family, type);
		}
	}

	@Test
	void asWhenFileChannelOfReaderReadsOnly() throws IOException {
		try (FileInputStream file = new FileInputStream(file("content").toFile());
				FileChannel channel = OddDescriptors.CONVERTERS.adopt(copy(file)).into(FileChannel.class)) {
			assertThat(read(channel, 3)).isEqualTo("content");
			assertThatExceptionOfType(NonWritableChannelException.class)
				.isThrownBy(() -> channel.write(ByteBuffer.allocate(1)));
		}
	}

	@Test
	void asWhenFileChannelOfWriterWritesOnly() throws IOException {
		Path path = file("content");
		try (FileOutputStream file = new FileOutputStream(path.toFile(), true);
				FileChannel channel = OddDescriptors.CONVERTERS.adopt(copy(file)).into(FileChannel.class)) {
			channel.write(ByteBuffer.wrap("!".getBytes()));
			assertThatExceptionOfType(NonReadableChannelException.class)
				.isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
		}
		assertThat(path).hasContent("content!");
	}

	@Test
	void asWhenFileChannelOfReaderAndWriterDoesBothAtSharedOffset() throws IOException {
		try (OwnedFd memfd = descriptors.get("memfd");
				FileChannel channel = memfd.dup().into(FileChannel.class);
				FileChannel other = memfd.dup().into(FileChannel.class)) {
			channel.write(ByteBuffer.wrap("0123".getBytes()));
			assertThat(other.position()).isEqualTo(4);
			assertThat(read(channel.position(0), 4)).isEqualTo("0123");
			channel.truncate(2);
			assertThat(other.size()).isEqualTo(2);
			other.map(FileChannel.MapMode.READ_WRITE, 0, 2).put(0, (byte) '9');
			assertThat(read(channel.position(0), 2)).isEqualTo("91");
			channel.truncate(0).position(0);
		}
	}

	@Test
	void asWhenRandomAccessFileReadsAndWritesAtSharedOffset() throws IOException {
		try (OwnedFd memfd = descriptors.get("memfd");
				RandomAccessFile file = memfd.dup().into(RandomAccessFile.class);
				SeekableByteChannel other = memfd.dup().into(SeekableByteChannel.class)) {
			file.writeInt(42);
			assertThat(other.position()).isEqualTo(4);
			other.position(0);
			assertThat(file.readInt()).isEqualTo(42);
			other.truncate(0).position(0);
		}
	}

	@Test
	void asWhenRandomAccessFileNeedsReadAccess() throws IOException {
		try (OwnedFd writable = descriptors.get("file-write"); OwnedFd readable = descriptors.get("file-read")) {
			assertThatExceptionOfType(FdConversionException.class)
				.isThrownBy(() -> writable.into(RandomAccessFile.class))
				.withMessage(
						"A RandomAccessFile requires a regular file or a device to read from, but the descriptor is "
								+ "a regular file, open for writing");
			try (RandomAccessFile file = readable.into(RandomAccessFile.class)) {
				assertThat(file.length()).isPositive();
			}
		}
	}

	@Test
	void asWhenTypeHasNoConverterNamesThoseThereAre() throws IOException {
		try (OwnedFd descriptor = descriptors.get("zero")) {
			assertThatExceptionOfType(FdConversionException.class)
				.isThrownBy(() -> descriptor.into(StringBuilder.class))
				.withMessageContaining("No converter turns a descriptor into java.lang.StringBuilder; there are: "
						+ "[DatagramChannel, FileChannel, FileDescriptor, FileInputStream,");
			assertThat(descriptor.isOpen()).isTrue();
		}
	}

	@Test
	void asWhenConverterWasAddedUsesIt() throws IOException {
		FdConverter<InputStream> closing = converter(InputStream.class, InputStream.nullInputStream());
		FdConverters converters = new FdConverters(List.of(closing));
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			OwnedFd owned = converters.adopt(copy(file));
			assertThat(owned.dup().into(FileInputStream.class)).satisfies(FdSources::close);
			FdSources.close(owned.dup().detach());
			assertThat(converters.supports(AtomicReference.class)).isFalse();
			assertThat(converters.supports(OwnedFd.class)).isTrue();
			try (InputStream stream = owned.dup().into(InputStream.class)) {
				assertThat(stream.read()).isEqualTo(-1);
			}
			owned.close();
		}
	}

	@Test
	void asWhenConverterFailsLeavesItOwned() throws IOException {
		FdConverters converters = new FdConverters(List.of(new FdConverter<StringBuilder>() {

			@Override
			public Class<StringBuilder> type() {
				return StringBuilder.class;
			}

			@Override
			public StringBuilder convert(java.io.FileDescriptor descriptor, FdKind kind) throws IOException {
				throw new IOException("no luck");
			}

		}));
		try (FileInputStream file = new FileInputStream("/dev/zero"); OwnedFd owned = converters.adopt(copy(file))) {
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> owned.into(StringBuilder.class))
				.withMessage("a character device, open for reading cannot be converted to StringBuilder: no luck");
			assertThat(owned.isOpen()).isTrue();
		}
	}

	private static <T> FdConverter<T> converter(Class<T> type, T result) {
		return new FdConverter<>() {

			@Override
			public Class<T> type() {
				return type;
			}

			@Override
			public T convert(java.io.FileDescriptor descriptor, FdKind kind) {
				FdSources.close(descriptor);
				return result;
			}

		};
	}

	private static java.io.FileDescriptor copy(Object source) {
		return OddDescriptors.SOURCES.borrow(source).descriptor();
	}

	private Path file(String content) throws IOException {
		return Files.writeString(this.directory.resolve("file"), content, StandardOpenOption.CREATE);
	}

	private static String read(FileChannel channel, int minimum) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(100);
		assertThat(channel.read(buffer)).isGreaterThanOrEqualTo(minimum);
		return new String(buffer.array(), 0, buffer.position());
	}

}
