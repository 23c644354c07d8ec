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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets that keep messages deliver each one alone and whole, the empty one too.
 */
interface MessageBoundaryContract extends TransportContract {

	@ParameterizedTest
	@EnumSource(value = SocketType.class, names = { "SEQPACKET", "DATAGRAM" })
	default void sendWhenSeveralMessagesEachArrivesAlone(SocketType type) throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (Ends ends = Ends.open(transport(), type)) {
			ends.send("one");
			ends.send("", file);
			ends.send("");
			ends.send("two", file, file);
			assertThat(ends.receive(100)).isEqualTo("one 0");
			assertThat(ends.receive(100)).isEqualTo(" 1");
			assertThat(ends.receive(100)).isEqualTo(" 0");
			assertThat(ends.receive(100)).isEqualTo("two 2");
		}
		finally {
			Descriptors.close(file);
		}
	}

	@ParameterizedTest
	@EnumSource(value = SocketType.class, names = { "SEQPACKET", "DATAGRAM" })
	default void receiveWhenEmptyMessageIsTheLastOneSoFarIsNotTheEnd(SocketType type) throws IOException {
		try (Ends ends = Ends.open(transport(), type)) {
			ends.send("");
			assertThat(ends.receive(100)).isEqualTo(" 0");
			ends.send("later");
			assertThat(ends.receive(100)).isEqualTo("later 0");
		}
	}

	@Test
	default void receiveWhenPeerClosedAfterEmptyMessageWithDescriptorIsTheMessageThenTheEnd() throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (Ends ends = Ends.open(transport(), SocketType.SEQPACKET)) {
			ends.send("", file);
			ends.left().close();
			assertThat(ends.receive(100)).isEqualTo(" 1");
			assertThat(ends.receive(100)).isEqualTo("end");
			assertThat(ends.receive(100)).isEqualTo("end");
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void receiveWhenPeerClosedAfterEmptyMessageIsTheEndOnlyWhereSendersAreUnknown() throws IOException {
		try (Ends ends = Ends.open(transport(), SocketType.SEQPACKET)) {
			ends.send("");
			ends.left().close();
			if (transport().passesCredentials()) {
				assertThat(ends.receive(100)).isEqualTo(" 0");
			}
			assertThat(ends.receive(100)).isEqualTo("end");
		}
	}

	@ParameterizedTest
	@EnumSource(SocketType.class)
	default void receiveWhenTransportTellsSendersTellsWhoSentEachMessage(SocketType type) throws IOException {
		Assumptions.assumeTrue(transport().passesCredentials(), "the transport does not tell");
		try (Ends ends = Ends.open(transport(), type)) {
			ends.send("x");
			Received incoming = ends.right().receive(ByteBuffer.allocateDirect(1));
			assertThat(incoming.sender().pid()).isEqualTo(ProcessHandle.current().pid());
			assertThat(incoming.sender().uid()).isEqualTo(Descriptors.self().uid());
			assertThat(incoming.sender().gid()).isEqualTo(Descriptors.self().gid());
			ends.right().shutdownInput();
			assertThat(ends.receive(100)).isEqualTo("end");
		}
	}

	@Test
	default void receiveWhenMessageWasSentBeforeAnybodyAskedTellsNobody() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.SEQPACKET);
		MessageSocketSettings settings = MessageSocketSettings.of(SocketType.SEQPACKET, Duration.ZERO);
		MessageSocket left = new JunixsocketTransport().messageSocket(ends[0], settings);
		left.send(MessageSocketPair.bytes(""), List.of());
		MessageSocket right = transport().messageSocket(ends[1], settings);
		Received incoming = right.receive(ByteBuffer.allocateDirect(1));
		assertThat(incoming.isEnd()).isFalse();
		assertThat(incoming.sender()).isNull();
		left.close();
		right.close();
	}

	@ParameterizedTest
	@EnumSource(value = SocketType.class, names = { "SEQPACKET", "DATAGRAM" })
	default void receiveWhenInputShutDownIsWhatCameThenTheEnd(SocketType type) throws IOException {
		try (Ends ends = Ends.open(transport(), type)) {
			ends.send("");
			ends.send("came");
			ends.right().shutdownInput();
			assertThat(ends.receive(100)).isEqualTo(" 0");
			assertThat(ends.receive(100)).isEqualTo("came 0");
			assertThat(ends.receive(100)).isEqualTo("end");
		}
	}

	@ParameterizedTest
	@EnumSource(value = SocketType.class, names = { "SEQPACKET", "DATAGRAM" })
	default void receiveWhenMessageLongerThanBufferIsCutAndTheNextIsWhole(SocketType type) throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (Ends ends = Ends.open(transport(), type)) {
			ends.send("12345", file);
			ends.send("1234", file);
			assertThat(ends.receive(4)).isEqualTo("1234 1 cut");
			assertThat(ends.receive(4)).isEqualTo("1234 1");
		}
		finally {
			Descriptors.close(file);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x" })
	default void sendToAddressArrivesWithItAndCanBeAnswered(String text, @TempDir Path directory) throws IOException {
		UnixAddress there = UnixAddress.of(directory.resolve("there").toString());
		UnixAddress here = UnixAddress.of(directory.resolve("here").toString());
		FileDescriptor file = OpenFiles.create("content");
		try (FdDatagramSocket receiver = bind(there); FdDatagramSocket sender = bind(here)) {
			sender.send(MessageSocketPair.bytes(text), List.of(file), there);
			Received incoming = receiver.receive(ByteBuffer.allocateDirect(10));
			incoming.close();
			assertThat(incoming.descriptors()).hasSize(1);
			assertThat(incoming.from()).isEqualTo(here).hasToString(here.toString());
			receiver.send(MessageSocketPair.bytes(text), List.of(), incoming.from());
			assertThat(sender.receive(ByteBuffer.allocateDirect(10)).from()).isEqualTo(there);
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void sendWhenSenderHasNoAddressArrivesWithoutOne(@TempDir Path directory) throws IOException {
		UnixAddress there = UnixAddress.of(directory.resolve("there").toString());
		try (FdDatagramSocket receiver = bind(there);
				FdDatagramSocket sender = FdDatagramSocket.open("test", transport(), Duration.ZERO)) {
			sender.send(MessageSocketPair.bytes("x"), List.of(), there);
			// Who asks the kernel for the senders of what comes is given a name by it.
			assertThat(receiver.receive(ByteBuffer.allocateDirect(10)).from())
				.matches((from) -> from == null || from.isAbstract() && transport().passesCredentials());
		}
	}

	@Test
	default void sendToAbstractNameArrives() throws IOException {
		UnixAddress name = UnixAddress.of("@fdbroker-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
		FileDescriptor socket = Kernel.calls().socket(SocketType.DATAGRAM);
		Kernel.calls().bindAbstract(socket, name.name());
		try (FdDatagramSocket receiver = adopt(socket, Duration.ZERO);
				FdDatagramSocket sender = FdDatagramSocket.open("test", transport(), Duration.ZERO)) {
			sender.send(MessageSocketPair.bytes("x"), List.of(), name);
			assertThat(receiver.receive(ByteBuffer.allocateDirect(10)).isEnd()).isFalse();
			receiver.send(MessageSocketPair.bytes("x"), List.of(), name);
			assertThat(receiver.receive(ByteBuffer.allocateDirect(10)).from()).isEqualTo(name)
				.hasToString(name.toString());
		}
	}

	@Test
	default void sendWhenReceiverIsGoneLeavesTheSocketOpen(@TempDir Path directory) throws IOException {
		UnixAddress gone = UnixAddress.of(directory.resolve("gone").toString());
		UnixAddress here = UnixAddress.of(directory.resolve("here").toString());
		bind(gone).close();
		try (FdDatagramSocket socket = bind(here)) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> socket.send(MessageSocketPair.bytes("x"), List.of(), gone))
					.withMessageContaining("refused");
			}
			socket.send(MessageSocketPair.bytes("x"), List.of(), here);
			assertThat(socket.receive(ByteBuffer.allocateDirect(10)).from()).isEqualTo(here);
		}
	}

	@Test
	default void sendWhenNobodyReceivesThrows(@TempDir Path directory) {
		UnixAddress nowhere = UnixAddress.of(directory.resolve("nowhere").toString());
		try (FdDatagramSocket sender = FdDatagramSocket.open("test", transport(), Duration.ZERO)) {
			assertThatExceptionOfType(FdConnectException.class)
				.isThrownBy(() -> sender.send(MessageSocketPair.bytes("x"), List.of(), nowhere))
				.withMessageContaining("No such file")
				.withMessageContaining(nowhere.toString());
		}
	}

	@Test
	default void sendWhenMessageTooLongForTheSystemThrowsAndSendsNothing(@TempDir Path directory) throws IOException {
		UnixAddress there = UnixAddress.of(directory.resolve("there").toString());
		try (FdDatagramSocket receiver = bind(there);
				FdDatagramSocket sender = FdDatagramSocket.open("test", transport(), Duration.ZERO)) {
			assertThatExceptionOfType(FdLimitException.class)
				.isThrownBy(() -> sender.send(ByteBuffer.allocateDirect(16_000_000), List.of(), there))
				.withMessageContaining("16000000 bytes")
				.withMessageContaining("wmem");
			sender.send(MessageSocketPair.bytes("next"), List.of(), there);
			ByteBuffer into = ByteBuffer.allocateDirect(10);
			receiver.receive(into);
			assertThat(StandardCharsets.US_ASCII.decode(into.flip()).toString()).isEqualTo("next");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x" })
	default void sendWhenReceiverTakesNothingTimesOut(String text, @TempDir Path directory) throws IOException {
		UnixAddress there = UnixAddress.of(directory.resolve("there").toString());
		try (FdDatagramSocket receiver = bind(there);
				FdDatagramSocket sender = FdDatagramSocket.open("test", transport(), Duration.ofMillis(50))) {
			assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> {
				// net.unix.max_dgram_qlen
				for (int i = 0; i < 10_000; i++) {
					sender.send(MessageSocketPair.bytes(text), List.of(), there);
				}
			}).withMessageContaining("took nothing for 50 ms");
		}
	}

	private FdDatagramSocket bind(UnixAddress address) throws IOException {
		FileDescriptor socket = Kernel.calls().socket(SocketType.DATAGRAM);
		Kernel.calls().bind(socket, address.name());
		return adopt(socket, Duration.ofSeconds(10));
	}

	private FdDatagramSocket adopt(FileDescriptor socket, Duration sendTimeout) {
		return FdDatagramSocket.adopt(new SocketPath("test", Path.of("@test")), socket, transport(), sendTimeout);
	}

	/**
	 * A pair of sockets.
	 *
	 * @param left the one that sends
	 * @param right the one that receives
	 */
	record Ends(MessageSocket left, MessageSocket right) implements AutoCloseable {

		static Ends open(Transport transport, SocketType type) throws IOException {
			FileDescriptor[] ends = Kernel.calls().socketPair(type);
			MessageSocketSettings settings = new MessageSocketSettings(type, true, Duration.ofSeconds(10));
			return new Ends(transport.messageSocket(ends[0], settings), transport.messageSocket(ends[1], settings));
		}

		void send(String text, FileDescriptor... descriptors) throws IOException {
			this.left.send(MessageSocketPair.bytes(text), List.of(descriptors));
		}

		/**
		 * Return the text that came, how many descriptors, and whether it was cut.
		 */
		String receive(int size) throws IOException {
			ByteBuffer into = ByteBuffer.allocateDirect(size);
			Received incoming = this.right.receive(into);
			incoming.close();
			return incoming.isEnd() ? "end" : StandardCharsets.US_ASCII.decode(into.flip()) + " "
					+ incoming.descriptors().size() + (incoming.isTruncated() ? " cut" : "");
		}

		@Override
		public void close() {
			this.left.close();
			this.right.close();
		}

	}

}
