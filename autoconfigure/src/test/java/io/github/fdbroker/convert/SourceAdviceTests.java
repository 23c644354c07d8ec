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

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages of {@link FdSources} about objects that cannot be sent.
 */
class SourceAdviceTests {

	@TempDir
	Path directory;

	@Test
	void borrowWhenNoSourceNamesThoseThereAre() {
		assertThat(OddDescriptors.SOURCES.isSource("text")).isFalse();
		assertRefused("text", "A java.lang.String has no descriptor: send a FileDescriptor, OwnedFd, file stream, "
				+ "channel, socket or Path, or add a bean of type FdSource");
	}

	@Test
	void borrowWhenClosedSaysSo() throws IOException {
		for (Closeable source : new Closeable[] { new FileInputStream("/dev/zero"), new FileOutputStream("/dev/null"),
				new Socket(), new ServerSocket(0), new DatagramSocket(), SocketChannel.open(),
				FileChannel.open(Path.of("/dev/zero")) }) {
			source.close();
			assertRefused(source, "A " + source.getClass().getSimpleName() + " cannot be sent: it is closed");
		}
	}

	@Test
	void borrowWhenPathIsOfAnotherFileSystemOpensNothing() throws IOException {
		Path zip = this.directory.resolve("files.zip");
		try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
			assertRefused(files.getPath("/etc/hostname"),
					"/etc/hostname is not in the default file system: copy it to " + "a file and send that");
		}
	}

	@Test
	void borrowWhenPathIsMissingSaysWhatToSend() {
		assertRefused(this.directory.resolve("new").toFile(), "(No such file or directory); a path is opened for "
				+ "reading: to write to it, send a FileOutputStream, or what DescriptorFactory.open returns");
	}

	@Test
	void borrowWhenStreamHasBufferSaysWhatToSend() throws Exception {
		Process process = new ProcessBuilder("cat").start();
		try (InputStream input = process.getInputStream(); OutputStream output = process.getOutputStream()) {
			assertRefused(input, "has a buffer: start the process with ProcessBuilder.redirectInput");
			assertRefused(output, "has a buffer: start the process with ProcessBuilder.redirectInput");
			assertRefused(new BufferedOutputStream(output), "BufferedOutputStream wraps another stream: send that one");
			assertRefused(InputStream.nullInputStream(), "has no accessible descriptor: send a FileInputStream");
		}
		process.getErrorStream().close();
		process.waitFor();
	}

	@Test
	void borrowWhenChannelIsAsynchronousSocketSaysWhatToUse() throws Exception {
		AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1,
				Executors.defaultThreadFactory());
		try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group)) {
			assertRefused(channel, "cannot be sent, because it is always registered with its group: use a "
					+ "SocketChannel or ServerSocketChannel");
		}
		group.shutdownNow();
		assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void borrowWhenPackagesAreNotOpenNamesBoth() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (FileChannel files = FileChannel.open(file);
				AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(file);
				InputStream stream = Files.newInputStream(file);
				SocketChannel channel = SocketChannel.open();
				DatagramSocket datagrams = new DatagramSocket();
				Socket socket = new Socket();
				ServerSocket server = new ServerSocket(0)) {
			for (Object source : new Object[] { files, asynchronous, stream, channel, channel.socket(), datagrams,
					socket, server }) {
				assertRefused(source,
						"is not accessible: add --add-opens=java.base/sun.nio.ch=ALL-UNNAMED and "
								+ "--add-opens=java.base/java.net=ALL-UNNAMED to the command line, or 'Add-Opens: "
								+ "java.base/sun.nio.ch java.base/java.net' to the manifest of the executable jar");
			}
		}
	}

	@Test
	@Tag("jdk-channels")
	void borrowWhenStreamOfFilesIsWrittenYieldsItOrSaysWhatToSend() throws IOException {
		try (OutputStream stream = Files.newOutputStream(this.directory.resolve("file"))) {
			if (stream.getClass().getName().equals("sun.nio.ch.ChannelOutputStream")) {
				OddDescriptors.SOURCES.borrow(stream).close();
			}
			else {
				assertRefused(stream, "send a FileInputStream, FileOutputStream or FileChannel");
			}
		}
	}

	private static void assertRefused(Object source, String message) {
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> OddDescriptors.SOURCES.borrow(source))
			.withMessageContaining(message);
	}

}
