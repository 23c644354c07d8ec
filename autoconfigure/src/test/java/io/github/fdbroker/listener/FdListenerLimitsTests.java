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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each limit of a socket: input within the limit is served; input that exceeds it is
 * counted, logged with socket, peer and property, and ends only its own connection.
 */
@ExtendWith(OutputCaptureExtension.class)
class FdListenerLimitsTests {

	/** The length of a frame with one message, less the length of its payload. */
	private static final int MESSAGE_FIELDS = 16;

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 17 })
	void descriptorsWhenMoreThanMaximumAreRefused(int more, CapturedOutput output) {
		run((container) -> assertRefused(container, RejectionReason.LIMIT_EXCEEDED, output, "max-descriptors",
				(peer) -> peer.send(MessageKind.REQUEST, 1, "sync", descriptors(5 + more))), "max-descriptors=5");
	}

	@Test
	void descriptorsWhenAsManyAsMaximumAreReceived() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("sync", (Object[]) descriptors(5))).hasPayload("5");
			}
			assertThat(container.counters().traffic().descriptorsReceived()).isEqualTo(5);
		}, "max-descriptors=5");
	}

	@Test
	void descriptorsWhenAsManyAsTheSystemPassesAreReceived() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("sync", (Object[]) descriptors(253))).hasPayload("253");
			}
		}, "max-descriptors=253", "fdbroker.held-descriptors.per-connection=253");
	}

	@Test
	void messageWhenLargerThanMaximumIsRefused(CapturedOutput output) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				assertThat(peer.ask(1, "x".repeat(1024 - MESSAGE_FIELDS))).startsWith("1 REPLY");
			}
			assertRefused(container, RejectionReason.LIMIT_EXCEEDED, output, "max-message-size",
					(peer) -> peer.send(MessageKind.REQUEST, 1, "x".repeat(1025 - MESSAGE_FIELDS), descriptors(1)));
		}, "max-message-size=1KB");
	}

	@Test
	void messageWhenItsRestDoesNotComeInTimeIsRefused(CapturedOutput output) {
		run((container) -> {
			assertRefused(container, RejectionReason.TIMEOUT, output, "message-timeout",
					(peer) -> peer.write("F", descriptors(1)));
			assertRefused(container, RejectionReason.TIMEOUT, output, "message-timeout",
					(peer) -> peer.write("FDBR\1\0\0\1\0\1\0\0\0\0\0\40rest", descriptors(1)));
		}, "message-timeout=100ms");
	}

	@Test
	void messageWhenItComesByteByByteIsRefusedAfterTheSameTime(CapturedOutput output) {
		run((container) -> assertRefused(container, RejectionReason.TIMEOUT, output, "message-timeout",
				(peer) -> CompletableFuture.runAsync(() -> {
					peer.write("FDBR\1\0\0\0\0\1\0\0\0\377\0\0");
					while (true) {
						peer.write("x");
						Thread.onSpinWait();
					}
				})), "message-timeout=100ms", "max-message-size=16MB");
	}

	@Test
	void connectionWhenIdleForTooLongIsClosed(CapturedOutput output) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				assertThat(peer.ask(1, "sync")).isEqualTo("1 REPLY 0");
				assertThat(peer.read()).isNull();
				Awaitility.await().until(() -> container.counters().refusals(RejectionReason.TIMEOUT) == 1);
			}
			assertThat(output).contains("fdbroker.sockets.handoff.idle-timeout");
		}, "idle-timeout=50ms");
	}

	@Test
	void connectionsWhenMoreThanMaximumWaitAndAreServedThen() {
		run((container) -> {
			List<RawPeer> peers = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				peers.add(connect().send(MessageKind.REQUEST, 1, "call " + i));
			}
			for (int i = 0; i < 5; i++) {
				assertThat(peers.get(i).reply()).isEqualTo("1 REPLY 0");
				int connections = Math.min(2, 5 - i);
				Awaitility.await().until(() -> container.connections() == connections);
				assertThat(this.listener.calls).hasSize(Math.min(i + 2, 5));
				peers.get(i).close();
				int served = Math.min(i + 3, 5);
				Awaitility.await().until(() -> this.listener.calls.size() == served);
			}
			assertThat(container.counters().connections()).isEqualTo(5);
		}, "max-connections=2");
	}

	@Test
	void connectionsWhenMoreThanMaximumOfUserAreRefused(CapturedOutput output) {
		run((container) -> {
			try (FdTestClient first = TestApplication.client(this.directory)) {
				assertThat(first.request("sync")).hasPayload("0");
				assertRefused(container, RejectionReason.CONNECTIONS_PER_USER, output, "max-connections-per-user",
						(peer) -> {
						});
			}
			Awaitility.await().until(() -> container.connections() == 0);
			try (FdTestClient another = TestApplication.client(this.directory)) {
				assertThat(another.request("sync")).hasPayload("0");
			}
		}, "max-connections-per-user=2");
	}

	@Test
	void heldDescriptorsOfConnectionWhenAtMaximumKeepFurtherMessagesWaiting() {
		run((container) -> {
			try (RawPeer peer = connect(); RawPeer other = connect()) {
				peer.send(MessageKind.REQUEST, 1, "async", descriptors(6));
				Awaitility.await().until(() -> this.listener.futures.size() == 1);
				peer.send(MessageKind.REQUEST, 2, "async", descriptors(1));
				assertThat(other.ask(1, "sync", descriptors(6))).isEqualTo("1 REPLY 6");
				assertThat(container.counters().traffic().messagesReceived()).isEqualTo(2);
				assertThat(this.listener.futures).hasSize(1);
				this.listener.futures.remove().complete("first");
				assertThat(peer.reply()).isEqualTo("1 REPLY first");
				Awaitility.await().until(() -> !this.listener.futures.isEmpty());
				this.listener.futures.remove().complete("second");
				assertThat(peer.reply()).isEqualTo("2 REPLY second");
			}
		}, "fdbroker.held-descriptors.per-connection=6");
	}

	@Test
	void heldDescriptorsOfConnectionWhenOneMessageHasMoreAreRefused(CapturedOutput output) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "async", descriptors(7));
				Awaitility.await().until(() -> container.counters().refusals(RejectionReason.LIMIT_EXCEEDED) == 1);
				assertThat(output)
					.contains("7 descriptors, more than the 6 of fdbroker.held-descriptors.per-connection");
				peer.awaitEnd();
			}
		}, "fdbroker.held-descriptors.per-connection=6");
	}

	@Test
	void heldDescriptorsWhenMoreThanTotalAreRefusedAndFreedThen(CapturedOutput output) {
		run((container) -> {
			try (RawPeer first = connect(); RawPeer last = connect()) {
				for (RawPeer peer : List.of(first, last)) {
					peer.send(MessageKind.REQUEST, 1, "async", descriptors(3));
				}
				Awaitility.await().until(() -> this.listener.futures.size() == 2);
				last.send(MessageKind.REQUEST, 2, "async", descriptors(1));
				Awaitility.await().until(() -> container.counters().refusals(RejectionReason.LIMIT_EXCEEDED) == 1);
				assertThat(output).contains("7 descriptors, more than the 6 of fdbroker.held-descriptors.total");
				this.listener.completeAll();
				assertThat(first.reply()).isEqualTo("1 REPLY done");
				assertThat(last.reply()).isEqualTo("1 REPLY done");
				last.awaitEnd();
			}
			try (FdTestClient another = TestApplication.client(this.directory)) {
				assertThat(another.request("sync", (Object[]) descriptors(6))).hasPayload("6");
			}
		}, "fdbroker.held-descriptors.total=6");
	}

	@Test
	void heldDescriptorsWhenThereAreThousandAreAllFreed() {
		run((container) -> {
			List<RawPeer> peers = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				RawPeer peer = connect();
				peers.add(peer);
				for (int message = 0; message < 4; message++) {
					peer.send(MessageKind.REQUEST, message, "async", descriptors(16));
				}
			}
			Awaitility.await().until(() -> this.listener.futures.size() == 64);
			assertThat(held(container)).isEqualTo(1024);
			try (RawPeer another = connect()) {
				assertThat(another.ask(1, "sync", descriptors(16))).isEqualTo("1 REPLY 16");
			}
			this.listener.completeAll();
			peers.forEach((peer) -> assertThat(peer.reply()).endsWith(" REPLY done"));
			Awaitility.await().until(() -> held(container) == 0);
			peers.forEach(RawPeer::close);
		}, "fdbroker.held-descriptors.per-user=2048", "fdbroker.held-descriptors.total=2048");
	}

	private static int held(FdListenerContainer container) {
		return container.connectionStatuses().stream().mapToInt(ConnectionStatus::heldDescriptors).sum();
	}

	@Test
	void heldDescriptorsOfUserWhenOneMessageBringsMoreAreRefused(CapturedOutput output) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "sync", descriptors(7));
				Awaitility.await().until(() -> container.counters().refusals(RejectionReason.LIMIT_EXCEEDED) == 1);
				assertThat(output).contains("7 descriptors, more than the 6 of fdbroker.held-descriptors.per-user");
				peer.awaitEnd();
			}
		}, "fdbroker.held-descriptors.per-user=6");
	}

	@Test
	void heldDescriptorsOfUserWhenAtMaximumKeepFurtherMessagesOfAllItsConnectionsWaiting() {
		run((container) -> {
			try (RawPeer first = connect(); RawPeer last = connect()) {
				for (RawPeer peer : List.of(first, last)) {
					peer.send(MessageKind.REQUEST, 1, "async", descriptors(3));
				}
				Awaitility.await().until(() -> this.listener.futures.size() == 2);
				last.send(MessageKind.REQUEST, 2, "sync", descriptors(1));
				try (RawPeer another = connect()) {
					another.send(MessageKind.REQUEST, 1, "sync", descriptors(2));
					Awaitility.await().until(() -> container.connections() == 3);
					assertThat(container.counters().traffic().messagesReceived()).isEqualTo(2);
					this.listener.completeAll();
					assertThat(another.reply()).isEqualTo("1 REPLY 2");
				}
				assertThat(first.reply()).isEqualTo("1 REPLY done");
				assertThat(List.of(last.reply(), last.reply())).containsExactlyInAnyOrder("1 REPLY done", "2 REPLY 1");
				assertThat(container.counters().refusals(RejectionReason.LIMIT_EXCEEDED)).isZero();
			}
		}, "fdbroker.held-descriptors.per-user=6");
	}

	@Test
	void pendingRepliesWhenAtMaximumKeepFurtherMessagesWaiting() {
		run((container) -> {
			try (RawPeer peer = connect(); RawPeer other = connect()) {
				for (int i = 1; i <= 5; i++) {
					peer.send(MessageKind.REQUEST, i, "async");
				}
				Awaitility.await().until(() -> container.counters().traffic().messagesReceived() == 3);
				assertThat(other.ask(1, "sync")).isEqualTo("1 REPLY 0");
				assertThat(this.listener.futures).hasSize(2);
				this.listener.futures.remove().complete("first");
				assertThat(peer.reply()).isEqualTo("1 REPLY first");
				Awaitility.await().until(() -> this.listener.futures.size() == 2);
				assertThat(container.counters().traffic().messagesReceived()).isEqualTo(5);
				for (int i = 2; i <= 5; i++) {
					Awaitility.await().until(() -> !this.listener.futures.isEmpty());
					this.listener.futures.remove().complete("more");
					assertThat(peer.reply()).isEqualTo(i + " REPLY more");
				}
			}
		}, "max-pending-replies=2");
	}

	@Test
	void replyWhenPeerDoesNotReadEndsItsConnection() {
		run((container) -> {
			try (RawPeer peer = connect(); FdTestClient healthy = TestApplication.client(this.directory)) {
				assertThat(healthy.request("sync")).hasPayload("0");
				for (int i = 0; i < 20; i++) {
					peer.send(MessageKind.REQUEST, i, "large");
				}
				Awaitility.await().until(() -> container.connections() == 1);
				assertThat(healthy.request("sync")).hasPayload("0");
			}
		}, "send-timeout=50ms");
	}

	@Test
	void peerWhenNotAllowedIsRefused(CapturedOutput output) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.awaitEnd();
			}
			assertThat(container.counters().refusals(RejectionReason.NOT_ALLOWED)).isOne();
			assertThat(container.counters().connections()).isZero();
			assertThat(output).contains("Connection of socket 'handoff' with " + Descriptors.self() + " is refused")
				.contains("fdbroker.sockets.handoff.allow");
		}, "allow.uids=4711");
	}

	@Test
	void peerWhenAuthorizerFailsIsRefusedAndOthersAreServed() {
		List<Throwable> failures = new ArrayList<>(
				List.of(new IllegalStateException("no reply"), new StackOverflowError("deep")));
		PeerAuthorizer authorizer = (peer, socket) -> {
			if (failures.isEmpty()) {
				return true;
			}
			throw FdListenerLimitsTests.<RuntimeException>sneaky(failures.remove(0));
		};
		run(application().withBean(PeerAuthorizer.class, () -> authorizer), (container) -> {
			for (int i = 0; i < 2; i++) {
				try (FdTestClient refused = TestApplication.client(this.directory)) {
					assertThat(refused.request("sync")).isClosed();
				}
			}
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("sync")).hasPayload("0");
			}
			assertThat(container.counters().refusals(RejectionReason.NOT_ALLOWED)).isEqualTo(2);
		});
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> T sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	private void assertRefused(FdListenerContainer container, RejectionReason reason, CapturedOutput output,
			String property, PeerAction action) throws Exception {
		long before = container.counters().refusals(reason);
		try (FdTestClient healthy = TestApplication.client(this.directory)) {
			assertThat(healthy.request("sync")).hasPayload("0");
			try (RawPeer peer = connect()) {
				action.run(peer);
				peer.awaitEnd();
			}
			assertThat(healthy.request("sync")).hasPayload("0");
		}
		Awaitility.await().until(() -> container.counters().refusals(reason) == before + 1);
		assertThat(Arrays.stream(RejectionReason.values()).mapToLong(container.counters()::refusals).sum())
			.isEqualTo(before + 1);
		assertThat(output.toString().lines())
			.filteredOn((line) -> line.contains("fdbroker.sockets.handoff." + property))
			.hasSize((int) before + 1)
			.allMatch((line) -> line.contains("Connection of socket 'handoff' with " + Descriptors.self()));
	}

	private RawPeer connect() {
		return RawPeer.connect(this.directory);
	}

	private static FileDescriptor[] descriptors(int count) {
		FileDescriptor[] descriptors = new FileDescriptor[count];
		Arrays.fill(descriptors, FileDescriptor.in);
		return descriptors;
	}

	private ApplicationContextRunner application() {
		return TestApplication.with(this.directory, Listener.class, this.listener);
	}

	private void run(ContainerTest test, String... properties) {
		run(application(), test, properties);
	}

	private void run(ApplicationContextRunner runner, ContainerTest test, String... properties) {
		String[] names = Arrays.stream(properties)
			.map((property) -> property.startsWith("fdbroker.") ? property : "fdbroker.sockets.handoff." + property)
			.toArray(String[]::new);
		runner.withPropertyValues(names).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdListenerRegistry.class).containers().iterator().next());
			this.listener.completeAll();
		});
	}

	interface ContainerTest {

		void run(FdListenerContainer container) throws Exception;

	}

	interface PeerAction {

		void run(RawPeer peer) throws Exception;

	}

	static class Listener {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final Queue<CompletableFuture<Object>> futures = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		@Nullable Object handle(String payload, FdMessage message) {
			this.calls.add(payload);
			if (payload.equals("async")) {
				CompletableFuture<Object> future = new CompletableFuture<>();
				this.futures.add(future);
				return future;
			}
			return payload.equals("large") ? new byte[60_000] : Integer.toString(message.descriptors().size());
		}

		void completeAll() {
			this.futures.forEach((future) -> future.complete("done"));
		}

	}

}
