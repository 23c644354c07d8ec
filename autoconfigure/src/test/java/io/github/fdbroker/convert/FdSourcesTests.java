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
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.socket.SocketPairs;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorInspector;
import io.github.fdbroker.system.Descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link FdSources}.
 */
class FdSourcesTests {

	private static final int ROUNDS = 400;

	@TempDir
	static Path directory;

	@ParameterizedTest
	@MethodSource("sources")
	void borrowWhenOpenYieldsItsFileAndClosedRefuses(String target, Callable<Object> opener) throws Exception {
		assertBorrowed(target, opener.call());
	}

	@ParameterizedTest
	@MethodSource("jdkSources")
	@Tag("jdk-channels")
	void borrowWhenJdkSourceYieldsItsFileAndClosedRefuses(String target, Callable<Object> opener) throws Exception {
		assertBorrowed(target, opener.call());
	}

	private static void assertBorrowed(String target, Object source) throws IOException {
		assertThat(OddDescriptors.SOURCES.isSource(source)).isTrue();
		try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(source)) {
			assertThat(target(loan.descriptor())).startsWith(target);
			FdSources.close(source);
			assertThat(target(loan.descriptor())).startsWith(target);
		}
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> OddDescriptors.SOURCES.borrow(source));
	}

	@ParameterizedTest
	@MethodSource("sources")
	void borrowWhenClosedMeanwhileNeverYieldsAnotherFile(String target, Callable<Object> opener) throws Exception {
		assertNeverAnother(target, opener);
	}

	@ParameterizedTest
	@MethodSource("jdkSources")
	@Tag("jdk-channels")
	void borrowWhenJdkSourceIsClosedMeanwhileNeverYieldsAnotherFile(String target, Callable<Object> opener)
			throws Exception {
		assertNeverAnother(target, opener);
	}

	/**
	 * One thread closes the source, a second opens other files, one of which gets the
	 * same number, and a third borrows until it is refused.
	 */
	private static void assertNeverAnother(String target, Callable<Object> opener) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		CyclicBarrier barrier = new CyclicBarrier(3);
		try {
			for (int i = 0; i < ROUNDS; i++) {
				Object source = opener.call();
				Future<?> closing = executor.submit(() -> {
					barrier.await();
					FdSources.close(source);
					return null;
				});
				Future<?> reopening = executor.submit(() -> {
					barrier.await();
					while (!closing.isDone()) {
						new FileInputStream("/dev/null").close();
					}
					return null;
				});
				assertThat(borrow(source, target)).isTrue();
				barrier.await();
				while (borrow(source, target)) {
					// Not closed yet.
				}
				closing.get();
				reopening.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static boolean borrow(Object source, String target) throws IOException {
		try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(source)) {
			assertThat(target(loan.descriptor())).startsWith(target);
			return true;
		}
		catch (FdConversionException ex) {
			return false;
		}
	}

	static Stream<Arguments> sources() {
		return Stream.of(arguments("/dev/zero", opener(() -> OddDescriptors.CONVERTERS.adopt(zero()))),
				arguments("/dev/zero", opener(() -> new FileInputStream("/dev/zero"))),
				arguments("/dev/zero", opener(() -> new FileOutputStream("/dev/zero"))),
				arguments("/dev/zero", opener(() -> new RandomAccessFile("/dev/zero", "rw"))),
				arguments("/dev/zero", opener(FdSourcesTests::zero)),
				arguments("socket:", opener(FdSourcesTests::junixsocket)),
				arguments("socket:", opener(() -> junixsocket().socket())),
				arguments("socket:", opener(AFUNIXServerSocketChannel::open)),
				arguments("socket:", opener(() -> new PortableSocketChannel(socket()))),
				arguments("socket:", opener(() -> new PortableServerSocketChannel(socket()))),
				arguments("socket:", opener(() -> new PortableDatagramChannel(socket()))),
				arguments("/dev/zero", opener(() -> new PortableSourceChannel(zero()))),
				arguments("/dev/zero", opener(() -> new PortableSinkChannel(zero()))));
	}

	static Stream<Arguments> jdkSources() {
		return Stream.of(arguments("/dev/zero", opener(() -> FileChannel.open(Path.of("/dev/zero")))),
				arguments("/dev/zero", opener(() -> new FileInputStream("/dev/zero").getChannel())),
				arguments("/dev/zero", opener(() -> AsynchronousFileChannel.open(Path.of("/dev/zero")))),
				arguments("/dev/zero", opener(() -> Files.newInputStream(Path.of("/dev/zero")))),
				arguments("socket:", opener(SocketChannel::open)),
				arguments("socket:", opener(() -> SocketChannel.open().configureBlocking(false))),
				arguments("socket:", opener(() -> SocketChannel.open().socket())),
				arguments("socket:", opener(ServerSocketChannel::open)),
				arguments("socket:", opener(DatagramChannel::open)), arguments("socket:", opener(DatagramSocket::new)),
				arguments("socket:", opener(() -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))),
				arguments("socket:", opener(() -> {
					Socket socket = new Socket();
					socket.bind(null);
					return socket;
				})));
	}

	@Test
	void borrowWhenPathOpensItForReading() throws IOException {
		Path path = Files.writeString(directory.resolve("file"), "content");
		for (Object source : new Object[] { path, path.toFile() }) {
			try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(source)) {
				assertThat(target(loan.descriptor())).isEqualTo(path.toRealPath().toString());
				assertThat(DescriptorInspector.inspect(loan.descriptor()))
					.hasToString("a regular file, open for reading");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("connections")
	void closeHandedOverKeepsConnectionForNewOwner(Class<?> type) throws Exception {
		FileDescriptor[] ends = SocketPairs.open();
		try (FileInputStream far = new FileInputStream(ends[1])) {
			Object source = OddDescriptors.CONVERTERS.adopt(ends[0]).into(type);
			assertGivenUp(source, () -> (byte) far.read());
		}
	}

	static Stream<Class<?>> connections() {
		return Stream.of(FileDescriptor.class, io.github.fdbroker.OwnedFd.class, FileInputStream.class,
				FileOutputStream.class, SocketChannel.class);
	}

	@Test
	void closeHandedOverWhenJunixsocketKeepsConnectionAndPathForNewOwner() throws Exception {
		Path path = directory.resolve("given-up");
		AFUNIXSocketAddress address = AFUNIXSocketAddress.of(path);
		try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(address)) {
			AFUNIXSocket client = AFUNIXSocket.connectTo(address);
			try (AFUNIXSocket accepted = server.accept()) {
				assertGivenUp(client, () -> (byte) accepted.getInputStream().read());
			}
			try (AFUNIXSocketChannel channel = AFUNIXSocketChannel.open(address);
					AFUNIXSocket accepted = server.accept()) {
				assertGivenUp(channel, () -> (byte) accepted.getInputStream().read());
			}
			assertListensOn(server, path);
		}
	}

	private static void assertListensOn(AFUNIXServerSocket server, Path path) throws IOException {
		try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(server)) {
			FdSources.checkHandOver(server);
			OddDescriptors.SOURCES.closeHandedOver(server);
			assertThat(path).exists();
			try (ServerSocketChannel taken = OddDescriptors.CONVERTERS.adopt(Descriptors.duplicate(loan.descriptor()))
				.into(ServerSocketChannel.class);
					SocketChannel client = SocketChannel.open(java.net.UnixDomainSocketAddress.of(path));
					SocketChannel accepted = taken.accept()) {
				assertThat(client.isConnected()).isTrue();
			}
		}
	}

	@Test
	@Tag("jdk-channels")
	void closeHandedOverWhenJdkConnectionKeepsItForNewOwner() throws Exception {
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(null)) {
			SocketChannel blocking = SocketChannel.open(server.getLocalAddress());
			assertTcpGivenUp(server, blocking);
			SocketChannel nonBlocking = SocketChannel.open(server.getLocalAddress());
			nonBlocking.configureBlocking(false);
			assertTcpGivenUp(server, nonBlocking);
			assertTcpGivenUp(server, new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort()));
			Socket lingering = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
			lingering.setSoLinger(true, 0);
			assertTcpGivenUp(server, lingering);
			assertTcpGivenUp(server, SocketChannel.open(server.getLocalAddress()).socket());
		}
	}

	@Test
	@Tag("jdk-channels")
	void closeHandedOverWhenJdkServerSocketKeepsItListening() throws Exception {
		for (Closeable server : new Closeable[] { ServerSocketChannel.open().bind(null),
				ServerSocketChannel.open().bind(null).socket(), new ServerSocket(0) }) {
			try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(server)) {
				OddDescriptors.SOURCES.closeHandedOver(server);
				try (ServerSocketChannel taken = OddDescriptors.CONVERTERS
					.adopt(Descriptors.duplicate(loan.descriptor()))
					.into(ServerSocketChannel.class);
						SocketChannel client = SocketChannel.open(taken.getLocalAddress());
						SocketChannel accepted = taken.accept()) {
					assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
				}
			}
		}
	}

	@Test
	@Tag("jdk-channels")
	void closeHandedOverWhenPipeKeepsItForNewOwner() throws Exception {
		Pipe pipe = Pipe.open();
		try (ReadableByteChannel far = pipe.source()) {
			assertGivenUp(pipe.sink(), () -> read(far));
		}
	}

	private static void assertTcpGivenUp(ServerSocketChannel server, Closeable source) throws Exception {
		try (SocketChannel far = server.accept()) {
			assertGivenUp(source, () -> read(far));
		}
	}

	private static byte read(ReadableByteChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(1);
		assertThat(channel.read(buffer)).isOne();
		return buffer.get(0);
	}

	/**
	 * Write through a duplicate, as the new owner does, after the source was closed.
	 */
	private static void assertGivenUp(Object source, Callable<Byte> far) throws Exception {
		FdSources.checkHandOver(source);
		FileDescriptor copy;
		try (BorrowedFd loan = OddDescriptors.SOURCES.borrow(source)) {
			copy = Descriptors.duplicate(loan.descriptor());
		}
		OddDescriptors.SOURCES.closeHandedOver(source);
		try (FileOutputStream owner = new FileOutputStream(copy)) {
			owner.write(7);
			assertThat(far.call()).isEqualTo((byte) 7);
		}
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> OddDescriptors.SOURCES.borrow(source));
	}

	@Test
	void closeHandedOverWhenFileClosesIt() throws IOException {
		RandomAccessFile file = new RandomAccessFile("/dev/zero", "r");
		OddDescriptors.SOURCES.closeHandedOver(file);
		assertThat(file.getFD().valid()).isFalse();
		OddDescriptors.SOURCES.closeHandedOver(Path.of("/dev/zero"));
	}

	private static String target(FileDescriptor descriptor) throws IOException {
		return Files.readSymbolicLink(Path.of("/proc/self/fd/" + Descriptors.number(descriptor))).toString();
	}

	private static FileDescriptor zero() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			return Descriptors.duplicate(file.getFD());
		}
	}

	private static FileDescriptor socket() throws IOException {
		FileDescriptor[] ends = SocketPairs.open();
		Descriptors.close(List.of(ends[1]));
		return ends[0];
	}

	private static AFUNIXSocketChannel junixsocket() throws IOException {
		AFUNIXSocketAddress address = AFUNIXSocketAddress.of(Files.createTempDirectory(directory, "j").resolve("s"));
		try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(address)) {
			AFUNIXSocketChannel channel = AFUNIXSocketChannel.open(address);
			server.accept().close();
			return channel;
		}
	}

	private static Callable<Object> opener(Callable<Object> opener) {
		return opener;
	}

}
