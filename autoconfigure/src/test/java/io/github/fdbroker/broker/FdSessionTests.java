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

package io.github.fdbroker.broker;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.DisposableBean;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.RawServer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdSession}.
 */
class FdSessionTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "paused", "at once" })
	void receiveWhenPeerSpeaksAsHaproxyGetsAllSockets(String how) throws Exception {
		List<String> files = files(7);
		try (PeerProcess peer = getsocks(how, files)) {
			with((broker) -> {
				try (FdSession session = broker.connect("handoff")) {
					session.send(OutgoingFdMessage.of("_getsocks\n"));
					List<OwnedFd> sockets = new ArrayList<>();
					ByteArrayOutputStream bytes = new ByteArrayOutputStream();
					while (bytes.size() < Integer.BYTES || sockets.size() < count(bytes)) {
						FdMessage part = (how.equals("paused")) ? part(session, peer) : session.receive();
						bytes.writeBytes(part.payload());
						sockets.addAll(part.descriptors());
					}
					session.send(OutgoingFdMessage.of(new byte[1]));
					assertThat(bytes.size()).isEqualTo(4 + 7 * 6);
					assertThat(contents(sockets)).isEqualTo(files);
					assertThat(peer.awaitLine("acknowledged")).isEqualTo("acknowledged by 1 bytes");
				}
			}, "format=raw");
		}
	}

	@Test
	void receiveWhenServerBeginsAndRepliesSeveralTimesGetsEachMessage() throws Exception {
		try (RawServer server = RawServer.listen(this.directory)) {
			with((broker) -> {
				try (FdSession session = broker.connect("handoff"); RawPeer peer = server.accept()) {
					peer.send(MessageKind.ONE_WAY, 0, "welcome");
					assertThat(session.receive()).extracting(FdMessage::text).isEqualTo("welcome");
					Background<FdMessage> reply = Background.call(() -> session.request(OutgoingFdMessage.of("all")));
					Envelope request = peer.request();
					peer.send(MessageKind.REPLY, request.correlation(), "one");
					peer.send(MessageKind.REPLY, request.correlation(), "two");
					peer.send(MessageKind.ERROR, request.correlation(), "three");
					assertThat(reply.get().text()).isEqualTo("one");
					assertThat(session.receive()).extracting(FdMessage::text).isEqualTo("two");
					assertThatExceptionOfType(FdRemoteException.class).isThrownBy(session::receive)
						.withMessageContaining("three");
				}
			});
		}
	}

	@Test
	void receiveWhenNothingComesInTimeStaysUsable() throws Exception {
		try (RawServer server = RawServer.listen(this.directory)) {
			with((broker) -> {
				try (FdSession session = broker.connect("handoff"); RawPeer peer = server.accept()) {
					assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> session.receive(SHORT));
					peer.send(MessageKind.ONE_WAY, 0, "late");
					assertThat(session.receive()).extracting(FdMessage::text).isEqualTo("late");
				}
			});
		}
	}

	@Test
	void receiveWhenSessionOrBrokerIsClosedReturnsNothing() throws Exception {
		try (RawServer server = RawServer.listen(this.directory)) {
			with((broker) -> {
				FdSession closed = broker.connect("handoff");
				FdSession left = broker.connect("handoff");
				Background<FdMessage> first = Background.call(closed::receive);
				Background<FdMessage> second = Background.call(left::receive);
				closed.close();
				closed.close();
				assertThat(first.get()).isNull();
				((DisposableBean) broker).destroy();
				assertThat(second.get()).isNull();
				assertThat(left.receive()).isNull();
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> left.send(OutgoingFdMessage.of("x")));
				assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> broker.connect("handoff"));
			});
		}
	}

	@ParameterizedTest
	@EnumSource(SocketType.class)
	void requestWhenListenerServesWorksOnEachType(SocketType type) throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		for (String format : new String[] { "frame", "raw" }) {
			TestApplication.withoutListener(this.directory)
				.withBean(Echo.class)
				.withPropertyValues("fdbroker.sockets.handoff.type=" + type, "fdbroker.peers.handoff.type=" + type,
						"fdbroker.sockets.handoff.format=" + format, "fdbroker.peers.handoff.format=" + format)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					try (FdSession session = context.getBean(FdBroker.class).connect("handoff")) {
						for (int i = 0; i < 3; i++) {
							try (FdMessage reply = session
								.request(OutgoingFdMessage.builder().payload("x").descriptor(file).build())) {
								assertThat(contents(reply.descriptors())).containsExactly("content");
							}
						}
					}
				});
		}
	}

	@Test
	void payloadWhenListenerReadsItByTypeIsConverted() {
		TestApplication.withoutListener(this.directory)
			.withBean(Reader.class)
			.run((context) -> assertThat(
					context.getBean(FdBroker.class).to("handoff").payload("text").requestPayload(String.class))
				.isEqualTo("text read"));
	}

	@Test
	void brokerWhenPeerIsNamedByPathReachesIt() {
		TestApplication.withoutListener(this.directory)
			.withBean(Echo.class)
			.withPropertyValues("fdbroker.peers.other.path=nowhere", "fdbroker.peers.other.format=frame")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				Path path = this.directory.resolve(TestApplication.SOCKET);
				assertThat(broker.to(path).payload("a").requestPayload(String.class)).isEqualTo("a");
				assertThat(broker.to("other", path).payload("b").requestPayload(String.class)).isEqualTo("b");
				try (FdSession session = broker.connect(path); FdSession other = broker.connect("other", path)) {
					assertThat(session.request(OutgoingFdMessage.of("c")).text()).isEqualTo("c");
					assertThat(other.request(OutgoingFdMessage.of("d")).text()).isEqualTo("d");
					assertThat(other.peer().pid()).isEqualTo(ProcessHandle.current().pid());
				}
				assertThatExceptionOfType(FdException.class).isThrownBy(() -> broker.to(Path.of("@name")))
					.withMessageContaining("@name");
			});
	}

	private static FdMessage part(FdSession session, PeerProcess peer) {
		try {
			return session.receive(SHORT);
		}
		catch (FdTimeoutException ex) {
			peer.awaitLine("paused");
			peer.writeLine("");
			return session.receive();
		}
	}

	private static int count(ByteArrayOutputStream bytes) {
		return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.nativeOrder()).getInt();
	}

	private static List<String> contents(List<OwnedFd> sockets) throws IOException {
		List<String> contents = new ArrayList<>();
		for (OwnedFd socket : sockets) {
			try (FileInputStream file = socket.into(FileInputStream.class)) {
				contents.add(new String(file.readAllBytes()));
			}
		}
		return contents;
	}

	private PeerProcess getsocks(String how, List<String> files) {
		List<Object> arguments = new ArrayList<>(List.of(this.directory.resolve(TestApplication.SOCKET), how));
		files.forEach((file) -> arguments.add(this.directory.resolve(file)));
		return PeerProcess.python("getsocks.py", arguments.toArray());
	}

	private List<String> files(int count) throws IOException {
		List<String> names = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			names.add("file-" + i);
			Files.writeString(this.directory.resolve(names.get(i)), names.get(i));
		}
		return names;
	}

	private void with(Use use, String... properties) {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues(List.of(properties)
				.stream()
				.map((property) -> "fdbroker.peers.handoff." + property)
				.toArray(String[]::new))
			.run((context) -> use.with(context.getBean(FdBroker.class)));
	}

	interface Use {

		void with(FdBroker broker) throws Exception;

	}

	static class Reader {

		@FdListener(TestApplication.SOCKET)
		String read(FdMessage message) {
			return message.payload(String.class) + " read";
		}

	}

	static class Echo {

		@FdListener(TestApplication.SOCKET)
		FdMessage echo(FdMessage message) {
			return message;
		}

	}

}
