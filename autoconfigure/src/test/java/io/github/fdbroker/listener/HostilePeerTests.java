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
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers and listener methods that misbehave: others are still served, and no descriptor
 * is left open.
 */
class HostilePeerTests {

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1\r\n\r\n", "FDBR\2\0\0\0\0\1\0\0\0\0\0\20", "FDBR\1\1\0\0\0\1\0\0\0\0\0\20",
			"FDBR\1\0\0\0\0\0\0\0\0\0\0\20", "FDBR\1\0\0\2\0\1\0\0\0\0\0\20", "FDBR\1\0\0\0\0\1\0\0\0\0\0\20" })
	void bytesWhenNoFrameEndTheConnection(String bytes) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.write(bytes + "x".repeat(16), FileDescriptor.in);
				peer.awaitEnd();
			}
			awaitRefusals(container, RejectionReason.MALFORMED, 1);
		});
	}

	@Test
	void bytesWhenRandomEndTheConnection() {
		Random random = new Random(1);
		run((container) -> {
			for (int i = 0; i < 50; i++) {
				try (RawPeer peer = connect()) {
					byte[] bytes = new byte[16 + random.nextInt(1000)];
					random.nextBytes(bytes);
					peer.write(bytes, FileDescriptor.in, FileDescriptor.in);
					peer.awaitEnd();
				}
			}
			awaitRefusals(container, RejectionReason.MALFORMED, 50);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "F", "FDBR\1\0\0", "FDBR\1\0\0\1\0\1\0\0\0\0\0\40", "FDBR\1\0\0\1\0\1\0\0\0\0\0\40body" })
	void peerWhenItLeavesInTheMiddleOfMessageLeavesNothing(String bytes) {
		run((container) -> {
			connect().write(bytes, FileDescriptor.in).close();
			awaitRefusals(container, RejectionReason.BROKEN, 1);
		});
	}

	@Test
	void peerWhenKilledInTheMiddleOfMessageLeavesNothing() {
		run((container) -> {
			try (PeerProcess process = PeerProcess.python("rawpeer.py", "hang",
					this.directory.resolve(TestApplication.SOCKET), 10)) {
				process.kill();
			}
			awaitRefusals(container, RejectionReason.BROKEN, 1);
		});
	}

	@Test
	void peerWhenItLeavesBeforeItsReplyLeavesNothing() {
		run((container) -> {
			connect().send(MessageKind.REQUEST, 1, "return", FileDescriptor.in).close();
			Awaitility.await()
				.until(() -> container.counters().traffic().messagesReceived() == 1 && container.connections() == 0);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "REPLY", "ERROR" })
	void replyWhenNobodyWaitsForItEndsTheConnection(MessageKind kind) {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.send(kind, 1, "to what?", FileDescriptor.in);
				peer.awaitEnd();
			}
			awaitRefusals(container, RejectionReason.MALFORMED, 1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "error", "memory", "stack", "interrupt" })
	void methodWhenItThrowsAnythingIsAnsweredAndConnectionGoesOn(String payload) {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				for (int i = 0; i < 3; i++) {
					assertThat(client.request(payload, FileDescriptor.in)).isError();
					assertThat(client.request("return", FileDescriptor.in)).hasPayload("");
				}
			}
		});
	}

	@Test
	void methodWhenItsReplyCannotBeWrittenForAnErrorIsAnsweredWithThat() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("reply that fails", FileDescriptor.in)).hasErrorContaining("no memory");
				assertThat(client.request("return", FileDescriptor.in)).hasPayload("");
			}
		});
	}

	@Test
	void methodWhenItClosesItsDescriptorTwiceClosesNoOther() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("close twice", FileDescriptor.in)).hasPayload("closed");
				assertThat(client.request("return", FileDescriptor.in)).hasPayload("");
			}
		});
	}

	@Test
	void methodWhenItRemembersDescriptorFindsItClosed() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("remember", FileDescriptor.in)).hasPayload("kept");
				Awaitility.await().until(() -> !this.listener.remembered.isOpen());
			}
		});
	}

	@Test
	void methodWhenItBlocksHoldsUpOnlyItsConnection() {
		run((container) -> {
			try (RawPeer blocked = connect(); FdTestClient client = TestApplication.client(this.directory)) {
				blocked.send(MessageKind.REQUEST, 1, "block");
				for (int i = 0; i < 100; i++) {
					assertThat(client.request("return", FileDescriptor.in)).hasPayload("");
				}
				this.listener.latch.countDown();
				assertThat(blocked.reply()).isEqualTo("1 REPLY unblocked");
			}
		});
	}

	@Test
	void methodWhenItReturnsMoreDescriptorsThanTheSystemPassesIsAnError() {
		run((container) -> {
			try (FdTestClient client = TestApplication.client(this.directory)) {
				assertThat(client.request("many", FileDescriptor.in)).hasErrorContaining("253");
				assertThat(client.request("return", FileDescriptor.in)).hasPayload("");
			}
		});
	}

	private static void awaitRefusals(FdListenerContainer container, RejectionReason reason, int count) {
		Awaitility.await().until(() -> container.counters().refusals(reason) == count && container.connections() == 0);
	}

	private RawPeer connect() {
		return RawPeer.connect(this.directory);
	}

	private void run(ContainerTest test) {
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withPropertyValues("fdbroker.sockets.handoff.max-message-size=2000B")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.run(context.getBean(FdListenerRegistry.class).containers().iterator().next());
				try (FdTestClient healthy = TestApplication.client(this.directory)) {
					assertThat(healthy.request("return", FileDescriptor.in)).hasPayload("").hasDescriptors(1);
				}
			});
	}

	interface ContainerTest {

		void run(FdListenerContainer container) throws Exception;

	}

	static class Listener {

		private final CountDownLatch latch = new CountDownLatch(1);

		private volatile @Nullable OwnedFd remembered;

		@FdListener(TestApplication.SOCKET)
		@Nullable Object handle(String payload, @Nullable OwnedFd owned) throws Exception {
			switch (payload) {
				case "error" -> throw new AssertionError("bug");
				case "memory" -> throw new OutOfMemoryError("full");
				case "stack" -> throw new StackOverflowError();
				case "interrupt" -> throw new InterruptedException();
				case "block" -> this.latch.await();
				default -> {
				}
			}
			return reply(payload, owned);
		}

		private @Nullable Object reply(String payload, @Nullable OwnedFd owned) {
			switch (payload) {
				case "close twice":
					FileDescriptor raw = owned.fileDescriptor();
					Descriptors.close(raw);
					Descriptors.close(raw);
					owned.close();
					return "closed";
				case "remember":
					this.remembered = owned;
					return "kept";
				case "reply that fails":
					return new FailingReply();
				case "block":
					return "unblocked";
				case "many":
					return Collections.nCopies(254, owned);
				default:
					return owned;
			}
		}

	}

	static class FailingReply {

		public String getText() {
			throw new OutOfMemoryError("no memory");
		}

	}

}
