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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.JunixsocketMessages;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * However a connection ends, nobody waits for ever, what had come can be read, and no
 * number is used for what it no longer stands for.
 */
interface ConnectionEndContract extends TransportContract {

	int ROUNDS = 300;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void closeWhenReceiveWaitsWakesIt(boolean blocking) throws Exception {
		endWhileReceiving(blocking, MessageSocket::close);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void shutdownInputWhenReceiveWaitsWakesIt(boolean blocking) throws Exception {
		endWhileReceiving(blocking, MessageSocket::shutdownInput);
	}

	@Test
	default void isHungUpWhenOtherEndIsClosedIsTrueAndNotBefore() throws Exception {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			assertThat(pair.receiver().isHungUp()).isFalse();
			pair.send("x");
			pair.sender().shutdownOutput();
			assertThat(pair.receiver().isHungUp()).isFalse();
			pair.sender().close();
			assertThat(pair.receiver().isHungUp()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void closeWhenSendWaitsWakesIt(boolean blocking) throws Exception {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			Descriptors.configureBlocking(pair.senderSocket(), blocking);
			FutureTask<Void> sending = new FutureTask<>(() -> {
				while (true) {
					pair.send("x".repeat(10_000));
				}
			});
			KernelWait.await(start(sending, "send-waits"));
			pair.sender().close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> sending.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(IOException.class);
		}
	}

	@Test
	default void closeWhenReceiveRunsNeverReceivesFromTheNextOwnerOfTheNumber() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
				Descriptors.configureBlocking(pair.receiverSocket(), false);
				FutureTask<Arrival> receiving = new FutureTask<>(() -> receiveUnlessClosed(pair));
				start(receiving, "receive-runs");
				pair.receiver().close();
				FileDescriptor[] next = Kernel.calls().socketPair(SocketType.STREAM);
				try {
					JunixsocketMessages.send(next[0], MessageSocketPair.bytes("foreign"), null, null);
					JunixsocketMessages.send(next[1], MessageSocketPair.bytes("foreign"), null, null);
					assertThat(receiving.get(10, TimeUnit.SECONDS).text()).isNull();
				}
				finally {
					Descriptors.close(List.of(next));
				}
			}
		}
	}

	@Test
	default void sendWhenPeerIsGoneClosesNothing() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.receiver().close();
			for (int i = 0; i < 3; i++) {
				assertThatIOException().isThrownBy(() -> pair.send("x"));
				assertThatIOException().isThrownBy(() -> pair.send("x", FileDescriptor.in));
			}
			assertThat(pair.senderSocket().valid()).isTrue();
			assertThat(MessageSocketPair.receive(pair.sender(), 1).text()).isNull();
		}
	}

	@Test
	default void receiveWhenPeerLeavesSomethingUnreadClosesNothing() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("unread");
			pair.receiver().close();
			assertThatIOException().isThrownBy(() -> MessageSocketPair.receive(pair.sender(), 1));
			assertThat(pair.senderSocket().valid()).isTrue();
			assertThat(MessageSocketPair.receive(pair.sender(), 1).text()).isNull();
		}
	}

	@Test
	default void receiveWhenOnlyUrgentDataCameEndsInTime(@TempDir Path directory) throws Exception {
		SocketPath path = new SocketPath("urgent", directory.resolve("s"));
		try (FdServerSocket server = ServerSockets.open(path, SocketFileSettings.PRIVATE, 5);
				PeerProcess peer = PeerProcess.start(Peers.python("urgent.py", path.path()));
				FdConnection connection = server.accept(transport(), MessageSocketSettings.stream(Duration.ZERO))) {
			assertThat(peer.readLine()).isEqualTo("sent");
			FutureTask<ByteBuffer> receiving = new FutureTask<>(() -> {
				ByteBuffer into = ByteBuffer.allocateDirect(10);
				while (connection.receive(into, Duration.ofMillis(100)) != null) {
					// The urgent byte is part of the stream.
				}
				return into;
			});
			start(receiving, "receive-urgent");
			assertThat(receiving.get(10, TimeUnit.SECONDS).position()).isLessThanOrEqualTo(1);
		}
	}

	@Test
	default void closeWhenCalledAgainDoesNothing() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.sender().close();
			FileDescriptor next = OpenFiles.create("next");
			pair.sender().close();
			assertThat(OpenFiles.content(next)).isEqualTo("next");
			Descriptors.close(next);
		}
	}

	@Test
	default void useWhenClosedThrows() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.sender().close();
			assertThatIOException().isThrownBy(() -> pair.send("x"));
			assertThatIOException().isThrownBy(() -> MessageSocketPair.receive(pair.sender(), 1));
			assertThatIOException().isThrownBy(() -> pair.sender().awaitReadable(1));
			pair.sender().shutdown();
			pair.sender().shutdownInput();
		}
	}

	@Test
	default void shutdownInputLetsReadWhatCameAndSend() throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("came", file);
			pair.receiver().shutdownInput();
			try (Arrival received = pair.receive(10)) {
				assertThat(received.text()).isEqualTo("came");
				assertThat(received.contents()).containsExactly("content");
			}
			assertThat(pair.receive(10).text()).isNull();
			pair.receiver().send(MessageSocketPair.bytes("reply"), List.of());
			assertThat(MessageSocketPair.receive(pair.sender(), 10).text()).isEqualTo("reply");
			assertThatIOException().isThrownBy(() -> pair.send("late"));
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void shutdownOutputLetsReceiveWhatThePeerSends() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("last");
			pair.sender().shutdownOutput();
			assertThat(pair.receive(10).text()).isEqualTo("last");
			assertThat(pair.receive(10).text()).isNull();
			assertThatIOException().isThrownBy(() -> pair.send("late"));
			pair.receiver().send(MessageSocketPair.bytes("reply"), List.of());
			assertThat(MessageSocketPair.receive(pair.sender(), 10).text()).isEqualTo("reply");
		}
	}

	@Test
	default void receiveWhenPeerClosedReturnsWhatCameThenNull() throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("came", file);
			pair.sender().close();
			try (Arrival received = pair.receive(10)) {
				assertThat(received.contents()).containsExactly("content");
			}
			assertThat(pair.receive(10).text()).isNull();
			assertThat(pair.receive(10).text()).isNull();
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void receiveWhenConnectionResetThrowsAndLeavesWhatCameBeforeOpen() throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("came", file, file);
			pair.receiver().send(MessageSocketPair.bytes("never read"), List.of());
			pair.sender().close();
			try (Arrival received = pair.receive(10)) {
				assertThatIOException().isThrownBy(() -> pair.receive(10)).withMessageContaining("reset");
				assertThat(received.contents()).containsExactly("content", "content");
			}
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void closeWhenDescriptorsUnreadLeavesNone() throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("unread", file);
		}
		Descriptors.close(file);
	}

	@Test
	default void awaitReadableTellsDataAndEndFromNothing() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			assertThat(pair.receiver().awaitReadable(1)).isFalse();
			pair.send("x");
			assertThat(pair.receiver().awaitReadable(60_000)).isTrue();
			pair.receive(1);
			assertThat(pair.receiver().awaitReadable(1)).isFalse();
			pair.sender().close();
			assertThat(pair.receiver().awaitReadable(60_000)).isTrue();
		}
	}

	@Test
	default void receiveWhenPeerKilledInTheMiddleReturnsWhatCameThenEnds(@TempDir Path directory) throws IOException {
		SocketPath path = new SocketPath("test", directory.resolve("s"));
		try (FdServerSocket server = ServerSockets.open(path, SocketFileSettings.PRIVATE, 5);
				PeerProcess peer = PeerProcess.start(Peers.python("sockets.py", "die", path.path()));
				FdConnection connection = server.accept(transport(), MessageSocketSettings.stream(Duration.ZERO))) {
			ByteBuffer into = ByteBuffer.allocateDirect(1000);
			List<String> contents = new ArrayList<>();
			Received received = connection.receive(into);
			while (!received.isEnd()) {
				received.descriptors()
					.stream()
					.map((descriptor) -> descriptor.acquire())
					.map(OpenFiles::content)
					.forEach(contents::add);
				received.descriptors().forEach((descriptor) -> descriptor.release());
				received.close();
				received = connection.receive(into);
			}
			assertThat(into.position()).isEqualTo(108);
			assertThat(contents).containsExactly("first", "second", "third");
		}
	}

	@Test
	default void sendWhenPeerGoneTellsThatNothingWasSentAndWhatItSentCanBeReceived() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		try (FdConnection connection = FdConnection.of("test", ends[0], transport(),
				MessageSocketSettings.stream(Duration.ZERO))) {
			MessageSocket peer = transport().messageSocket(ends[1], Duration.ZERO);
			peer.send(MessageSocketPair.bytes("bye"), List.of());
			peer.close();
			assertThatExceptionOfType(FdConnectException.class)
				.isThrownBy(() -> connection.send(MessageSocketPair.bytes("x"), List.of()))
				.matches(FdConnectException::isNothingSent)
				.withMessageContaining("with pid " + ProcessHandle.current().pid());
			ByteBuffer into = ByteBuffer.allocateDirect(10);
			connection.receive(into);
			assertThat(into.position()).isEqualTo(3);
		}
	}

	@Test
	default void sendWhenPeerGoesInTheMiddleDoesNotTellThatNothingWasSent() throws Exception {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		MessageSocket peer = transport().messageSocket(ends[1], Duration.ZERO);
		try (FdConnection connection = FdConnection.of("test", ends[0], transport(),
				MessageSocketSettings.stream(Duration.ZERO))) {
			FutureTask<Void> closing = new FutureTask<>(() -> {
				peer.receive(ByteBuffer.allocateDirect(1));
				peer.close();
				return null;
			});
			start(closing, "peer-goes");
			assertThatExceptionOfType(FdConnectException.class)
				.isThrownBy(() -> connection.send(ByteBuffer.allocateDirect(5_000_000), List.of()))
				.matches((ex) -> !ex.isNothingSent())
				.withMessageContaining("in the middle of a message");
			closing.get();
		}
	}

	private void endWhileReceiving(boolean blocking, Consumer<MessageSocket> end) throws Exception {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			Descriptors.configureBlocking(pair.receiverSocket(), blocking);
			FutureTask<Arrival> receiving = new FutureTask<>(() -> pair.receive(10));
			KernelWait.await(start(receiving, "receive-waits"));
			end.accept(pair.receiver());
			assertThat(receiving.get(10, TimeUnit.SECONDS).text()).isNull();
		}
	}

	private static Arrival receiveUnlessClosed(MessageSocketPair pair) {
		try {
			return pair.receive(10);
		}
		catch (IOException ex) {
			return new Arrival(null, List.of());
		}
	}

}
