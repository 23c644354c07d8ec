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

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Peers over streams that know nothing of this project: in C such that pass some bytes
 * with a descriptor or none ({@code write_fd}, {@code read_fd}), and in Python such that
 * send a plain byte first and then one with a descriptor.
 */
@ExtendWith(OutputCaptureExtension.class)
class RawPeerTests {

	@TempDir
	Path directory;

	private Path file;

	private PeerInC program;

	@BeforeEach
	void writeFile() throws IOException {
		this.program = new PeerInC("writefd.c", this.directory, "fdbroker.sockets.handoff.format=raw",
				"fdbroker.peers.handoff.format=raw", "fdbroker.peers.handoff.connect-timeout=1m");
		this.file = Files.writeString(this.directory.resolve("file"), "some content");
	}

	@Test
	void listenerWhenDescriptorIsWrittenGetsItWithItsBytes() {
		this.program.listen(new Echo(), (container) -> {
			assertThat(this.program.connect("write=hello," + this.file, "read")).containsExactly("ready",
					"5 bytes: hello", "descriptor: some content", "write: Bad file descriptor", "done");
			assertThat(container.counters().traffic().descriptorsReceived()).isOne();
		});
	}

	@Test
	void listenerWhenNoDescriptorIsWrittenGetsBytesAlone() {
		this.program.listen(new Echo(),
				(container) -> assertThat(this.program.connect("write=hello", "read", "write=x," + this.file, "read"))
					.containsSubsequence("5 bytes: hello", "no descriptor was passed", "1 bytes: x",
							"descriptor: some content"));
	}

	@Test
	void listenerWhenTwoMessagesComeInOneWriteGetsAllBytes() {
		Collector collector = new Collector();
		this.program.listen(collector, (container) -> {
			this.program.connect("twice=ab", "drained");
			Awaitility.await().until(() -> collector.text().equals("abab"));
		});
	}

	@Test
	void listenerWhenPeerLeavesAtOnceGetsWhatItSent() {
		Collector collector = new Collector();
		this.program.listen(collector, (container) -> {
			this.program.connect("write=take this," + this.file);
			Awaitility.await().until(() -> collector.text().equals("take this: some content"));
			Awaitility.await().until(() -> container.connections() == 0);
			assertThat(container.counters().refusals(RejectionReason.BROKEN)).isZero();
		});
	}

	@Test
	void listenerWhenPeerSendsNothingForAWhileRepliesLater() {
		this.program.listen(new Echo(), (container) -> {
			try (PeerProcess peer = this.program.start("connect", "wait", "write=late," + this.file, "read")) {
				assertThat(peer.readLine()).isEqualTo("ready");
				assertThat(peer.readLine()).isEqualTo("waiting");
				Awaitility.await().until(() -> container.connections() == 1);
				peer.writeLine("");
				assertThat(peer.readLine()).isEqualTo("4 bytes: late");
				assertThat(peer.readLine()).isEqualTo("descriptor: some content");
			}
		});
	}

	@Test
	void brokerWhenItAsksGetsBytesAndDescriptorBack() {
		try (PeerProcess peer = this.program.start("listen", "echo")) {
			this.program.ask((broker) -> {
				try (FdMessage reply = broker.to("handoff").payload("both").descriptor(this.file).request()) {
					assertThat(reply.text()).isEqualTo("both");
					assertThat(read(reply)).isEqualTo("some content");
				}
				try (FdMessage reply = broker.to("handoff").payload("bytes").request()) {
					assertThat(reply.text()).isEqualTo("bytes");
					assertThat(reply.attachments()).isEmpty();
				}
			});
			assertThat(peer.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void brokerWhenItSendsPeerReadsBytesAndDescriptorOrNone() {
		try (PeerProcess peer = this.program.start("listen", "read", "wait", "read", "read", "end")) {
			this.program.ask((broker) -> {
				broker.to("handoff").payload("with").descriptor(this.file).send();
				assertLines(peer, "ready", "4 bytes: with", "descriptor: some content", "write: Bad file descriptor",
						"waiting");
				broker.to("handoff").descriptor(this.file).send();
				broker.to("handoff").payload("without").send();
				peer.writeLine("");
				assertThat(peer.readLine()).isEqualTo("1 bytes: ");
				assertLines(peer, "descriptor: some content", "write: Bad file descriptor", "7 bytes: without",
						"no descriptor was passed");
			});
			assertThat(peer.readLine()).isEqualTo("closed");
		}
	}

	@Test
	void brokerWhenPeerLeavesWithoutReplySaysSoAndConnectsAnew() {
		try (PeerProcess peer = this.program.start("listen", "read", "next", "echo")) {
			this.program.ask((broker) -> {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> broker.to("handoff").payload("hello?").request())
					.withMessageContaining("Connection of peer 'handoff' with")
					.withMessageContaining("closed by the peer before it replied");
				assertThat(broker.to("handoff").payload("hello!").requestPayload(String.class)).isEqualTo("hello!");
			});
			assertThat(peer.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void brokerWhenPeerSendsNothingForAWhileWaits() throws Exception {
		try (PeerProcess peer = this.program.start("listen", "wait", "echo")) {
			this.program.ask((broker) -> {
				Background<String> request = Background
					.call(() -> broker.to("handoff").payload("hello").requestPayload(String.class));
				assertLines(peer, "ready", "waiting");
				assertThat(request.isDone()).isFalse();
				peer.writeLine("");
				assertThat(request.get()).isEqualTo("hello");
			});
		}
	}

	@Test
	void brokerWhenReplyComesInTwoMessagesDoesNotTakeTheSecondForTheNextReply() throws Exception {
		try (PeerProcess peer = this.program.start("listen", "read", "write=reply", "wait", "write=more", "wait",
				"next", "echo")) {
			this.program.ask((broker) -> {
				assertThat(broker.to("handoff").payload("1").requestPayload(String.class)).isEqualTo("reply");
				assertLines(peer, "ready", "1 bytes: 1", "no descriptor was passed", "waiting");
				peer.writeLine("");
				assertLines(peer, "waiting");
				Background<String> next = Background
					.call(() -> broker.to("handoff").payload("2").requestPayload(String.class));
				peer.writeLine("");
				assertThat(next.get()).isEqualTo("2");
			});
		}
	}

	@Test
	void brokerWhenPeerAnswersEachSendIsNotBlockedByThat() {
		try (PeerProcess peer = this.program.start("listen", "echo")) {
			this.program.ask((broker) -> {
				for (int i = 0; i < 2000; i++) {
					broker.to("handoff").payload(new byte[1000]).send();
				}
			});
			assertThat(peer.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void listenerWhenMethodNeedsDescriptorGetsPlainByteInFrontOfIt() {
		NeedingCollector collector = new NeedingCollector();
		PeerProcess[] client = new PeerProcess[1];
		this.program.listen(collector, (container) -> {
			client[0] = client("--slowly");
			Awaitility.await().until(() -> collector.text().equals("XY: content"));
			assertThat(container.counters().traffic().messagesReceived()).isOne();
			assertLines(client[0], "sent");
		});
		// The application has ended, and with it the connection.
		assertLines(client[0], "closed; left: ");
		client[0].close();
	}

	@Test
	void listenerWhenMethodNeedsDescriptorAndBothBytesComeInOneReadGetsThemTogether() {
		NeedingCollector collector = new NeedingCollector(1);
		this.program.listen(collector, (container) -> {
			try (PeerProcess client = client("--twice")) {
				// The second pair waits while the method has the first.
				assertLines(client, "sent");
				collector.proceed.countDown();
				Awaitility.await().until(() -> collector.text().equals("XY: content,XY: "));
			}
		});
	}

	@Test
	void listenerWhenMethodNeedsNoDescriptorGetsPlainByteAsMessageOfItsOwn() {
		Collector collector = new Collector();
		this.program.listen(collector, (container) -> {
			try (PeerProcess client = client("--slowly")) {
				assertLines(client, "sent");
				Awaitility.await().until(() -> collector.text().equals("X,Y: content"));
			}
		});
	}

	@Test
	void listenerWhenNothingMoreComesClosesAfterIdleTimeoutWhatClientWaitsFor() {
		NeedingCollector collector = new NeedingCollector();
		this.program.listen(collector, (container) -> {
			try (PeerProcess client = client("--slowly")) {
				assertLines(client, "sent", "closed; left: ");
				assertThat(collector.text()).isEqualTo("XY: content");
			}
		}, "idle-timeout=2s");
	}

	@Test
	void listenerWhenStreamEndsWhileBytesWaitForDescriptorSaysSo(CapturedOutput output) {
		NeedingCollector collector = new NeedingCollector();
		this.program.listen(collector, (container) -> {
			this.program.connect("bytes=lost");
			Awaitility.await().until(() -> container.counters().refusals(RejectionReason.BROKEN) == 1);
			assertThat(collector.text()).isEmpty();
		});
		assertThat(output).contains("Connection of socket 'handoff' with pid")
			.contains("ended in the middle of a message, after 4 bytes of it; expected a descriptor, which "
					+ "the listener requires");
	}

	@Test
	void listenerWhenMoreBytesWaitThanMayNamesTheProperty(CapturedOutput output) {
		this.program.listen(new NeedingCollector(), (container) -> {
			this.program.connect("bytes=" + "x".repeat(101), "end");
			assertThat(container.counters().refusals(RejectionReason.LIMIT_EXCEEDED)).isOne();
		}, "max-message-size=100B");
		assertThat(output)
			.contains("Received 101 bytes without the descriptor that the listener requires, more than the limit "
					+ "of 100, see fdbroker.sockets.handoff.max-message-size");
	}

	@Test
	void listenerWhenDescriptorDoesNotComeInTimeNamesTheProperty(CapturedOutput output) {
		this.program.listen(new NeedingCollector(), (container) -> {
			this.program.connect("bytes=x", "end");
			assertThat(container.counters().refusals(RejectionReason.TIMEOUT)).isOne();
		}, "message-timeout=50ms");
		assertThat(output).contains("see fdbroker.sockets.handoff.message-timeout");
	}

	@Test
	void brokerWhenItStartsBeforePeerSendsPlainByteAndDescriptorAndSharesOffset() throws Exception {
		try (FileInputStream stream = new FileInputStream(this.file.toFile())) {
			stream.skipNBytes(5);
			this.program.ask((broker) -> {
				Background<Boolean> sent = Background.run(() -> {
					broker.to("handoff").payload("X").send();
					broker.to("handoff").payload("Y").descriptor(stream).send();
				}).awaitWaiting();
				try (PeerProcess server = PeerProcess.python("sendfd.py", "server",
						this.directory.resolve(TestApplication.SOCKET))) {
					assertLines(server, "first: X", "second: Y", "content: content");
				}
				assertThat(sent.get()).isTrue();
			});
			assertThat(stream.read()).isEqualTo(-1);
		}
	}

	private PeerProcess client(String mode) {
		return PeerProcess.python("sendfd.py", "client", this.directory.resolve(TestApplication.SOCKET), this.file,
				mode);
	}

	private static void assertLines(PeerProcess process, String... lines) {
		for (String line : lines) {
			assertThat(process.readLine()).isEqualTo(line);
		}
	}

	private static String read(FdMessage message) throws IOException {
		try (FileInputStream stream = message.descriptor(0).into(FileInputStream.class)) {
			return new String(stream.readAllBytes());
		}
	}

	static class Echo {

		@FdListener(TestApplication.SOCKET)
		FdMessage handle(FdMessage message) {
			return message;
		}

	}

	/**
	 * Keeps what came: bytes, and what a descriptor had to read.
	 */
	static class Calls {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		String text() {
			return String.join(",", this.calls);
		}

		void add(String text, @Nullable FileInputStream file) throws IOException {
			this.calls.add((file != null) ? text + ": " + new String(file.readAllBytes()) : text);
		}

	}

	static class Collector extends Calls {

		@FdListener(TestApplication.SOCKET)
		void handle(String text, @Nullable FileInputStream file) throws IOException {
			add(text, file);
		}

	}

	static class NeedingCollector extends Calls {

		private final CountDownLatch proceed;

		NeedingCollector() {
			this(0);
		}

		NeedingCollector(int wait) {
			this.proceed = new CountDownLatch(wait);
		}

		@FdListener(TestApplication.SOCKET)
		void handle(String text, FileInputStream file) throws Exception {
			assertThat(this.proceed.await(20, TimeUnit.SECONDS)).isTrue();
			add(text, file);
		}

	}

}
