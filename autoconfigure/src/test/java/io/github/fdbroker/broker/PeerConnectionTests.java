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

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.RawServer;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How the broker makes, shares and gives up its connections to a peer.
 */
class PeerConnectionTests {

	private static final int NOBODY = 65534;

	@TempDir
	Path directory;

	@Test
	void sendWhenPeerStartsLaterWaitsForIt() {
		with((broker) -> {
			Background<Boolean> send = Background.run(() -> broker.to("handoff").payload("early").send())
				.awaitWaiting();
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY early");
				assertThat(send.get()).isTrue();
			}
		});
	}

	@Test
	void sendWhenPeerNeverComesSaysSo() {
		with((broker) -> assertThatExceptionOfType(FdConnectException.class)
			.isThrownBy(() -> broker.to("handoff").send())
			.withMessage("Peer 'handoff' (%s) was not there within 50 ms: there is no such file",
					this.directory.resolve("handoff")),
				"connect-timeout=50ms");
	}

	@Test
	void sendWhenBacklogIsFullSaysSo() {
		try (RawServer server = RawServer.listen(this.directory, 1)) {
			List<RawPeer> waiting = List.of(RawPeer.connect(this.directory), RawPeer.connect(this.directory));
			with((broker) -> assertThatExceptionOfType(FdConnectException.class)
				.isThrownBy(() -> broker.to("handoff").send())
				.withMessageContaining("was not there within 50 ms: its backlog is full"), "connect-timeout=50ms");
			waiting.forEach(RawPeer::close);
		}
	}

	@Test
	void sendWhenPeerRestartedGoesOverNewConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				broker.to("handoff").payload("one").send();
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY one");
				}
			}
			try (RawServer server = RawServer.listen(this.directory)) {
				broker.to("handoff").payload("two").send();
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY two");
				}
			}
		});
	}

	@Test
	void requestWhenPeerRestartedGoesOverNewConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				List<Background<String>> requests = new ArrayList<>();
				List<RawPeer> peers = new ArrayList<>();
				for (int i = 0; i < 3; i++) {
					requests.add(request(broker, "question"));
					peers.add(server.accept());
				}
				for (RawPeer peer : peers) {
					reply(peer, "reply");
				}
				for (Background<String> request : requests) {
					assertThat(request.get()).isEqualTo("reply");
				}
				peers.forEach(RawPeer::close);
			}
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> request = request(broker, "question");
				try (RawPeer peer = server.accept()) {
					reply(peer, "of the new one");
					assertThat(request.get()).isEqualTo("of the new one");
				}
			}
		});
	}

	@Test
	void sendWhenPeerDoesNotReadTimesOutAndNextGoesOverNewConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> {
					while (true) {
						broker.to("handoff").payload(new byte[60_000]).send();
					}
				}).withMessageContaining("peer 'handoff'").withMessageContaining("took nothing for 50 ms");
				broker.to("handoff").payload("again").send();
				try (RawPeer first = server.accept(); RawPeer second = server.accept()) {
					assertThat(second.reply()).isEqualTo("0 ONE_WAY again");
				}
			}
		}, "send-timeout=50ms");
	}

	@Test
	void requestWhenPeerIsKilledFailsAtOnceAndNextGoesOverNewConnection() {
		with((broker) -> {
			Background<String> request;
			try (PeerProcess process = PeerProcess.python("rawpeer.py", "stall", this.directory.resolve("handoff"))) {
				request = request(broker, "question");
				assertThat(process.readLine()).isEqualTo("got it");
				process.kill();
			}
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(request::get)
				.withCauseInstanceOf(FdConnectException.class);
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> next = request(broker, "question");
				try (RawPeer peer = server.accept()) {
					reply(peer, "reply");
					assertThat(next.get()).isEqualTo("reply");
				}
			}
		});
	}

	@Test
	void requestWhenReplyIsLateTimesOutAndNobodyGetsIt() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				assertThatExceptionOfType(FdTimeoutException.class)
					.isThrownBy(() -> broker.to("handoff").timeout(Duration.ofMillis(50)).request());
				try (RawPeer late = server.accept()) {
					Envelope missed = late.request();
					Background<String> next = request(broker, "question");
					try (RawPeer peer = server.accept()) {
						assertThatExceptionOfType(FdConnectException.class)
							.isThrownBy(() -> late.send(MessageKind.REPLY, missed.correlation(), "late"));
						reply(peer, "reply");
						assertThat(next.get()).isEqualTo("reply");
					}
				}
			}
		});
	}

	@Test
	void requestWhenHalfAnReplyComesTimesOutAndNamesNoPropertyThatPeersLack() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> request = request(broker, "question");
				try (RawPeer peer = server.accept()) {
					peer.request();
					peer.write("FDBR");
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(request::get)
						.havingCause()
						.isInstanceOf(FdTimeoutException.class)
						.withMessageNotContaining("message-timeout");
				}
			}
		}, "reply-timeout=100ms");
	}

	@Test
	void requestWhenItsOwnTimeoutIsLongerThanThatOfRepliesWaitsThatLongForTheRestOfAReply() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> request = Background
					.call(() -> broker.to("handoff").timeout(Duration.ofHours(1)).requestPayload(String.class));
				try (RawPeer peer = server.accept()) {
					assertThat(peer.request().correlation()).isOne();
					peer.write("FDBR");
					Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> !request.isDone());
					peer.write("\1\0\0\0\0\1\0\0\0\0\0\22" + "\0\0\0\16\3\0\0\0" + "\0\0\0\0\0\0\0\1" + "hi");
					assertThat(request.get()).isEqualTo("hi");
				}
			}
		}, "reply-timeout=1ms");
	}

	@Test
	void requestWhenErrorAnsweredKeepsConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> request = request(broker, "question");
				try (RawPeer peer = server.accept()) {
					peer.send(MessageKind.ERROR, peer.request().correlation(), "no");
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(request::get)
						.withCauseInstanceOf(FdRemoteException.class)
						.withMessageContaining("an error: no");
					request = request(broker, "another");
					reply(peer, "yes");
					assertThat(request.get()).isEqualTo("yes");
				}
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "REPLY,1000", "ERROR,1000", "REQUEST,1", "ONE_WAY,1" })
	void requestWhenSomethingElseIsAnsweredFailsAndClosesConnection(MessageKind kind, long correlation) {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> request = request(broker, "question");
				try (RawPeer peer = server.accept()) {
					assertThat(peer.request().correlation()).isOne();
					peer.send(kind, correlation, "wrong", FileDescriptor.in);
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(request::get)
						.withCauseInstanceOf(FdProtocolException.class)
						.withMessageContaining("Received a %s with correlation %d", kind, correlation);
					peer.awaitEnd();
				}
			}
		});
	}

	@Test
	void requestsWhenMoreThanConnectionsWaitForThem() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> first = request(broker, "1");
				try (RawPeer one = server.accept()) {
					Background<String> second = request(broker, "2");
					try (RawPeer two = server.accept()) {
						Background<String> third = request(broker, "3").awaitWaiting();
						reply(one, "to 1");
						assertThat(first.get()).isEqualTo("to 1");
						Envelope request = one.request();
						assertThat(request.message().text()).isEqualTo("3");
						one.send(MessageKind.REPLY, request.correlation(), "to 3");
						assertThat(third.get()).isEqualTo("to 3");
						reply(two, "to 2");
						assertThat(second.get()).isEqualTo("to 2");
					}
				}
			}
		}, "max-connections=2");
	}

	@Test
	void requestWhenNoConnectionGetsFreeTimesOutAndNamesProperty() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				Background<String> first = Background
					.call(() -> broker.to("handoff").timeout(Duration.ofSeconds(20)).request().text());
				try (RawPeer peer = server.accept()) {
					assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> broker.to("handoff").request())
						.withMessageContaining("fdbroker.peers.handoff.max-connections");
					reply(peer, "done");
					assertThat(first.get()).isEqualTo("done");
				}
			}
		}, "max-connections=1", "reply-timeout=100ms");
	}

	@Test
	void requestsWhenManyTimedOutLeaveAllConnectionsFree() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				for (int i = 0; i < 5; i++) {
					assertThatExceptionOfType(FdTimeoutException.class)
						.isThrownBy(() -> broker.to("handoff").timeout(Duration.ofMillis(1)).request())
						.withMessageNotContaining("in use");
					server.accept().close();
				}
			}
		}, "max-connections=2");
	}

	@Test
	void sendWhenPeerIsNotTheExpectedUserGivesItNothing() {
		assertThat(this.directory.toFile().setWritable(true, false)).isTrue();
		assertThat(this.directory.toFile().setExecutable(true, false)).isTrue();
		Path path = this.directory.resolve("handoff");
		try (PeerProcess process = PeerProcess.pythonAs(NOBODY, "rawpeer.py", "serve", path)) {
			with((broker) -> {
				assertThatExceptionOfType(FdAccessDeniedException.class)
					.isThrownBy(() -> broker.to("handoff").payload("secret").descriptor(Path.of("/dev/null")).send())
					.withMessageContaining("uid")
					.withMessageContaining("fdbroker.peers.handoff.expect");
				assertThat(Background.call(process::readLine).get()).isEqualTo("got 0 bytes");
			});
			with((broker) -> broker.to("handoff").payload("for you").send(), "expect.uids=" + NOBODY, "format=raw");
			assertThat(process.readLine()).isEqualTo("got 7 bytes");
		}
	}

	@Test
	void peerWhenUnknownIsNamedWithTheKnownOnes() {
		with((broker) -> assertThatExceptionOfType(FdException.class).isThrownBy(() -> broker.to("handof"))
			.withMessage("No peer 'handof' is configured under fdbroker.peers; there are: [handoff]"));
	}

	@Test
	void requestWhenApplicationEndsIsStillAnswered() {
		try (RawServer server = RawServer.listen(this.directory)) {
			List<Background<String>> request = new ArrayList<>();
			List<RawPeer> peer = new ArrayList<>();
			with((broker) -> {
				request.add(request(broker, "question"));
				peer.add(server.accept());
				assertThat(peer.get(0).request().message().text()).isEqualTo("question");
			});
			peer.get(0).send(MessageKind.REPLY, 1, "reply");
			assertThat(request.get(0).get()).isEqualTo("reply");
			peer.get(0).awaitEnd();
			peer.get(0).close();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static Background<String> request(FdBroker broker, String payload) {
		return Background.call(() -> {
			try (FdMessage reply = broker.to("handoff").payload(payload).request()) {
				return reply.text();
			}
		});
	}

	private static void reply(RawPeer peer, String text) {
		peer.send(MessageKind.REPLY, peer.request().correlation(), text);
	}

	private void with(Brokers.Use test, String... properties) {
		Brokers.with(this.directory, test, properties);
	}

}
