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

package io.github.fdbroker;

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listener methods that leave their thread interrupted, and futures that never complete.
 */
class StrayListenerTests {

	/** More replies than the kernel takes for a connection. */
	private static final int DEAF = 10;

	@TempDir
	Path directory;

	@Test
	void connectionWhenMethodLeavesItsThreadInterruptedLosesNothing() {
		TestApplication.with(this.directory, Interrupting.class, new Interrupting()).run((context) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				for (int i = 0; i < 5; i++) {
					assertThat(client.request("hello")).hasPayload("hello");
				}
			}
		});
	}

	@Test
	void datagramSocketWhenMethodLeavesItsThreadInterruptedLosesNothing() {
		TestApplication.with(this.directory, Interrupting.class, new Interrupting())
			.withPropertyValues("fdbroker.sockets.handoff.type=datagram", "fdbroker.peers.handoff.type=datagram",
					"fdbroker.peers.handoff.path=" + this.directory.resolve(TestApplication.SOCKET))
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				for (int i = 0; i < 5; i++) {
					assertThat(broker.to("handoff").payload("hello").requestPayload(String.class)).isEqualTo("hello");
				}
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "datagram" })
	void socketWhenAuthorizerLeavesItsThreadInterruptedOrRunsOutOfMemoryGoesOn(String type) {
		Transports.assumeAvailable(TransportMode.NATIVE);
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>(
				List.of(new OutOfMemoryError("as wanted"), new StackOverflowError("as wanted")));
		PeerAuthorizer authorizer = (peer, socket) -> {
			Thread.currentThread().interrupt();
			if (failures.poll() instanceof Error failure) {
				throw failure;
			}
			return true;
		};
		TestApplication.with(this.directory, Interrupting.class, new Interrupting())
			.withBean(PeerAuthorizer.class, () -> authorizer)
			.withPropertyValues("fdbroker.transport=native", "fdbroker.sockets.handoff.type=" + type,
					"fdbroker.peers.handoff.type=" + type,
					"fdbroker.peers.handoff.path=" + this.directory.resolve(TestApplication.SOCKET),
					"fdbroker.peers.handoff.reply-timeout=20s")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				Awaitility.await().until(() -> {
					broker.to("handoff").payload("refused").sendAsync();
					return PacketApplication.refusals(context, RejectionReason.NOT_ALLOWED) == 2;
				});
				for (int i = 0; i < 5; i++) {
					assertThat(broker.to("handoff").payload("hello").requestPayload(String.class)).isEqualTo("hello");
				}
			});
	}

	@Test
	void futureWhenItNeverCompletesIsAnErrorAfterListenerTimeout() {
		TestApplication.with(this.directory, Never.class, new Never())
			.withPropertyValues("fdbroker.sockets.handoff.listener-timeout=50ms")
			.run((context) -> {
				try (FdTestClient client = TestApplication.client(this.directory)) {
					assertThat(client.request("hello")).hasErrorContaining("fdbroker.sockets.handoff.listener-timeout");
				}
			});
	}

	@EachTransport
	void futureWhenItsClientLeavesIsCancelledWithWhatItHolds(TransportMode transport) {
		Pending pending = new Pending();
		TestApplication.with(this.directory, Pending.class, pending)
			.withPropertyValues("fdbroker.transport=" + transport)
			.run((context) -> {
				try (RawPeer staying = RawPeer.connect(this.directory)) {
					try (RawPeer peer = RawPeer.connect(this.directory)) {
						peer.send(MessageKind.REQUEST, 1, "leaving", FileDescriptor.in)
							.send(MessageKind.ONE_WAY, 0, "one-way");
						staying.send(MessageKind.REQUEST, 1, "staying");
						Awaitility.await().until(() -> pending.futures.size() == 3);
					}
					Awaitility.await().until(() -> pending.futures.get("leaving").isCancelled());
					Awaitility.await().until(() -> pending.descriptors.stream().noneMatch(OwnedFd::isOpen));
					assertThat(pending.futures.get("one-way")).isNotDone();
					pending.futures.get("staying").complete("here");
					assertThat(staying.reply()).isEqualTo("1 REPLY here");
				}
				pending.futures.get("one-way").complete("");
				Awaitility.await().until(() -> PacketApplication.connections(context) == 0);
			});
	}

	@Test
	void futuresWhenClientReadsNoRepliesAreCompletedWithoutWaiting() throws Exception {
		Pending pending = new Pending();
		String reply = "x".repeat(60_000);
		TestApplication.with(this.directory, Pending.class, pending).run((context) -> {
			try (RawPeer deaf = RawPeer.connect(this.directory); RawPeer healthy = RawPeer.connect(this.directory)) {
				for (int i = 0; i < DEAF; i++) {
					deaf.send(MessageKind.REQUEST, i, "deaf" + i);
				}
				healthy.send(MessageKind.REQUEST, 1, "healthy");
				Awaitility.await().until(() -> pending.futures.size() == DEAF + 1);
				// One thread completes all, as that of an HTTP client or a common pool
				// might.
				Background<Boolean> completing = Background.run(() -> {
					for (int i = 0; i < DEAF; i++) {
						pending.futures.get("deaf" + i).complete(reply);
					}
					pending.futures.get("healthy").complete("here");
				});
				assertThat(completing.get()).isTrue();
				assertThat(healthy.reply()).isEqualTo("1 REPLY here");
			}
		});
	}

	@EachTransport
	void datagramsWhenFuturesOfOthersArePendingAreReceived(TransportMode transport) {
		Pending pending = new Pending();
		Transports.assumeAvailable(transport);
		TestApplication.with(this.directory, Pending.class, pending)
			.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=datagram",
					"fdbroker.sockets.handoff.max-pending-replies=2", "fdbroker.peers.handoff.type=datagram",
					"fdbroker.peers.handoff.path=" + this.directory.resolve(TestApplication.SOCKET))
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				broker.to("handoff").payload("one").send();
				broker.to("handoff").payload("two").send();
				broker.to("handoff").payload("refused").send();
				Awaitility.await()
					.until(() -> PacketApplication.refusals(context, RejectionReason.LIMIT_EXCEEDED) == 1);
				assertThat(pending.futures).containsOnlyKeys("one", "two");
				pending.futures.values().forEach((future) -> future.complete(""));
				broker.to("handoff").payload("three").send();
				Awaitility.await().until(() -> pending.futures.containsKey("three"));
				pending.futures.get("three").complete("");
			});
	}

	@Test
	void datagramWhenOneOfItsMessagesIsRefusedClosesTheRest() {
		Pending pending = new Pending();
		Path socket = this.directory.resolve(TestApplication.SOCKET);
		TestApplication.with(this.directory, Pending.class, pending)
			.withPropertyValues("fdbroker.sockets.handoff.type=datagram",
					"fdbroker.sockets.handoff.max-pending-replies=1")
			.run((context) -> {
				try (FdDatagramSocket sender = FdDatagramSocket.open("test", TransportMode.AUTO.select(),
						Duration.ZERO)) {
					byte[] frame = threeMessages();
					sender.send(ByteBuffer.allocateDirect(frame.length).put(frame).flip(),
							List.of(FileDescriptor.in, FileDescriptor.in, FileDescriptor.in),
							UnixAddress.of(socket.toString()));
				}
				Awaitility.await()
					.until(() -> PacketApplication.refusals(context, RejectionReason.LIMIT_EXCEEDED) == 1);
				assertThat(pending.futures).containsOnlyKeys("0");
				DescriptorQuota quota = context.getBean(DescriptorQuota.class);
				Awaitility.await().until(() -> quota.held() == 1);
				pending.futures.get("0").complete("");
				Awaitility.await().until(() -> quota.held() == 0);
			});
	}

	/**
	 * Return a frame with three one-way messages of one descriptor each.
	 */
	private static byte[] threeMessages() {
		ByteBuffer frame = ByteBuffer.allocate(16 + 3 * 18);
		frame.putInt(0x46444252).put((byte) 1).put((byte) 0).putShort((short) 3).putShort((short) 3);
		frame.putShort((short) 0).putInt(3 * 18);
		for (int i = 0; i < 3; i++) {
			frame.putInt(14).put((byte) 1).put((byte) 1).putShort((short) 0).putLong(0).put((byte) 0);
			frame.put((byte) ('0' + i));
		}
		return frame.array();
	}

	static class Interrupting {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			Thread.currentThread().interrupt();
			return payload;
		}

	}

	static class Never {

		@FdListener(TestApplication.SOCKET)
		CompletableFuture<String> handle(String payload) {
			return new CompletableFuture<>();
		}

	}

	static class Pending {

		private final Map<String, CompletableFuture<String>> futures = new ConcurrentHashMap<>();

		private final Queue<OwnedFd> descriptors = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		CompletableFuture<String> handle(String payload, FdMessage message) {
			this.descriptors.addAll(message.descriptors());
			CompletableFuture<String> future = new CompletableFuture<>();
			this.futures.put(payload, future);
			return future;
		}

	}

}
