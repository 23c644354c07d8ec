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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The behaviour of every channel that is created from a descriptor.
 */
abstract class ChannelContract {

	static OddDescriptors descriptors;

	@BeforeAll
	static void start() throws IOException {
		descriptors = OddDescriptors.start();
	}

	@AfterAll
	static void stop() throws IOException {
		descriptors.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp-listening", "tcp6-listening" })
	void acceptYieldsConnectionWithAddresses(String name) throws IOException {
		try (ServerSocketChannel server = server(name);
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel accepted = server.accept()) {
			assertThat(accepted.getLocalAddress()).isInstanceOf(InetSocketAddress.class)
				.isEqualTo(client.getRemoteAddress());
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			assertThat(accepted.isConnected()).isTrue();
			assertThat(accepted.isBlocking()).isTrue();
		}
	}

	@Test
	void connectionReadsAndWritesAndHalfCloses() throws IOException {
		try (ServerSocketChannel server = server("tcp-listening");
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel channel = connection(server)) {
			client.write(text("ping"));
			assertThat(read(channel)).isEqualTo("ping");
			channel.write(new ByteBuffer[] { text("po"), text("ng") });
			channel.shutdownOutput();
			assertThat(readAll(client)).isEqualTo("pong");
			client.write(text("still open"));
			assertThat(read(channel)).isEqualTo("still open");
			client.shutdownOutput();
			assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
	}

	@Test
	void closeWhenOthersHoldConnectionLeavesItOpen() throws IOException {
		try (ServerSocketChannel server = server("tcp-listening");
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel channel = connection(server);
				BorrowedFd copy = OddDescriptors.SOURCES.borrow(channel);
				SocketChannel other = OddDescriptors.CONVERTERS
					.adopt(OddDescriptors.SOURCES.borrow(copy.descriptor()).descriptor())
					.into(SocketChannel.class)) {
			channel.close();
			other.write(text("alive"));
			assertThat(read(client)).isEqualTo("alive");
			client.write(text("both ways"));
			assertThat(read(other)).isEqualTo("both ways");
		}
	}

	@Test
	void closeWakesBlockedRead() throws Exception {
		try (ServerSocketChannel server = server("tcp-listening");
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel channel = connection(server)) {
			assertWokenByClose(channel, () -> channel.read(ByteBuffer.allocate(1)));
		}
	}

	@Test
	void closeWakesBlockedAcceptAndOthersListenOn() throws Exception {
		try (OwnedFd listening = descriptors.get("tcp-listening");
				ServerSocketChannel other = listening.dup().into(ServerSocketChannel.class)) {
			ServerSocketChannel closed = listening.into(ServerSocketChannel.class);
			assertWokenByClose(closed, closed::accept);
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(closed::accept);
			try (SocketChannel client = SocketChannel.open(other.getLocalAddress());
					SocketChannel accepted = other.accept()) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "udp, 127.0.0.1, INET", "udp6, ::1, INET6" })
	void datagramChannelReceivesAndSends(String name, String host, StandardProtocolFamily family) throws IOException {
		try (DatagramChannel channel = descriptors.get(name).into(DatagramChannel.class);
				DatagramChannel peer = DatagramChannel.open(family).bind(new InetSocketAddress(host, 0))) {
			peer.send(text("ping"), channel.getLocalAddress());
			ByteBuffer received = ByteBuffer.allocate(10);
			assertThat(channel.receive(received)).isEqualTo(peer.getLocalAddress());
			assertThat(received.flip()).isEqualTo(text("ping"));
			assertThat(channel.send(text("pong"), peer.getLocalAddress())).isEqualTo(4);
			received.clear();
			assertThat(peer.receive(received)).isEqualTo(channel.getLocalAddress());
			assertThat(received.flip()).isEqualTo(text("pong"));
		}
	}

	@Test
	void datagramChannelWhenLargerThanBufferDropsTheRest() throws IOException {
		try (DatagramChannel channel = descriptors.get("udp").into(DatagramChannel.class);
				DatagramChannel peer = DatagramChannel.open()) {
			peer.send(text("too long"), channel.getLocalAddress());
			peer.send(text("next"), channel.getLocalAddress());
			ByteBuffer received = ByteBuffer.allocate(4);
			channel.receive(received);
			assertThat(received.flip()).isEqualTo(text("too "));
			channel.receive(received.clear());
			assertThat(received.flip()).isEqualTo(text("next"));
		}
	}

	@Test
	void datagramChannelWhenConnectedWrites() throws IOException {
		try (DatagramChannel connected = descriptors.get("udp-connected").into(DatagramChannel.class);
				DatagramChannel peer = descriptors.get("udp").into(DatagramChannel.class)) {
			assertThat(connected.isConnected()).isTrue();
			assertThat(connected.getLocalAddress()).isInstanceOf(InetSocketAddress.class);
			assertThat(connected.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
			connected.write(text("x"));
			assertThat(peer.receive(ByteBuffer.allocate(1))).isEqualTo(connected.getLocalAddress());
			peer.send(text("y"), connected.getLocalAddress());
			ByteBuffer reply = ByteBuffer.allocate(1);
			connected.read(reply);
			assertThat(reply.flip()).isEqualTo(text("y"));
			assertThat(peer.isConnected()).isFalse();
			assertThatExceptionOfType(NotYetConnectedException.class).isThrownBy(() -> peer.write(text("x")));
		}
	}

	@Test
	void closeWakesBlockedReceive() throws Exception {
		try (DatagramChannel channel = descriptors.get("udp").into(DatagramChannel.class)) {
			assertWokenByClose(channel, () -> channel.receive(ByteBuffer.allocate(1)));
		}
	}

	@Test
	void pipeEndsReadAndWrite() throws IOException {
		try (Pipe.SourceChannel source = descriptors.get("pipe-read").into(Pipe.SourceChannel.class);
				Pipe.SinkChannel sink = descriptors.get("pipe-write").into(Pipe.SinkChannel.class)) {
			sink.write(new ByteBuffer[] { text("one "), text("two") });
			ByteBuffer first = ByteBuffer.allocate(4);
			source.read(new ByteBuffer[] { first });
			assertThat(first.flip()).isEqualTo(text("one "));
			source.read(first.clear());
			assertThat(first.flip()).isEqualTo(text("two"));
		}
	}

	@Test
	void closeWakesBlockedReadOfPipe() throws Exception {
		try (Pipe.SourceChannel source = descriptors.get("pipe-read").into(Pipe.SourceChannel.class)) {
			assertWokenByClose(source, () -> source.read(ByteBuffer.allocate(1)));
		}
	}

	@Test
	void unixConnectionReadsAndWrites() throws IOException {
		try (OwnedFd listening = descriptors.get("unix-listening");
				ServerSocketChannel server = listening.into(ServerSocketChannel.class);
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel accepted = server.accept()) {
			client.write(text("unix"));
			assertThat(read(accepted)).isEqualTo("unix");
		}
	}

	@Test
	void useWhenClosedThrows() throws IOException {
		SocketChannel channel = descriptors.get("tcp-connected").into(SocketChannel.class);
		channel.close();
		assertThat(channel.isOpen()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::getLocalAddress);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::shutdownOutput);
	}

	static ServerSocketChannel server(String name) {
		return descriptors.get(name).into(ServerSocketChannel.class);
	}

	/**
	 * Accept a connection, and create a channel from its descriptor.
	 */
	static SocketChannel connection(ServerSocketChannel server) throws IOException {
		try (SocketChannel accepted = server.accept()) {
			return OddDescriptors.CONVERTERS.adopt(OddDescriptors.SOURCES.borrow(accepted).descriptor())
				.into(SocketChannel.class);
		}
	}

	static void assertWokenByClose(AutoCloseable channel, Callable<?> blocking) throws Exception {
		FutureTask<?> task = new FutureTask<>(blocking);
		Thread thread = new Thread(task, "blocked");
		thread.setDaemon(true);
		thread.start();
		// Java reports a thread in a system call as RUNNABLE.
		Awaitility.await()
			.until(() -> isIn(thread, "read0", "readv0", "poll", "accept0", "receive0", "accept", "receive"));
		channel.close();
		assertThat(task).failsWithin(Duration.ofSeconds(20))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(AsynchronousCloseException.class);
	}

	private static boolean isIn(Thread thread, String... methods) {
		StackTraceElement[] stack = thread.getStackTrace();
		return stack.length > 0 && stack[0].isNativeMethod()
				&& java.util.Set.of(methods).contains(stack[0].getMethodName());
	}

	static ByteBuffer text(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	static String read(SocketChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(100);
		channel.read(buffer);
		return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
	}

	private static String readAll(SocketChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(100);
		while (channel.read(buffer) >= 0) {
			// Read until the other side has sent everything.
		}
		return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
	}

}
