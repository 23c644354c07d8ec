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

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.RawServer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sends that nobody waits for: what gathers goes out together, and each learns what
 * became of it.
 */
class SendAsyncTests {

	private static final int BLOCKING_BYTES = 60_000;

	private static final int THREADS = 16;

	private static final int MESSAGES = 400;

	@TempDir
	Path directory;

	@Test
	void sendAsyncWhenAloneGoesOutWithoutAnother() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				CompletableFuture<Void> sent = send(broker, "alone");
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY alone");
					join(sent);
				}
			}
		});
	}

	@Test
	void sendAsyncWhenPeerIsSlowGathersUpTo64DescriptorsInFrame() {
		try (PeerProcess process = PeerProcess.python("frames.py", path())) {
			with((broker) -> {
				List<CompletableFuture<Void>> blocking = block(broker);
				List<CompletableFuture<Void>> gathered = new ArrayList<>();
				for (int i = 0; i < 300; i++) {
					gathered.add(sendFile(broker, "gathered-" + i));
				}
				assertThat(gathered).noneMatch(CompletableFuture::isDone);
				process.writeLine("read");
				blocking.forEach(SendAsyncTests::join);
				gathered.forEach(SendAsyncTests::join);
			});
			List<List<String>> frames = readFrames(process);
			List<List<String>> withFiles = frames.stream().filter((frame) -> !frame.get(0).equals("0")).toList();
			assertThat(withFiles).extracting((frame) -> frame.get(0)).containsExactly("64", "64", "64", "64", "44");
			assertThat(withFiles.stream().flatMap((frame) -> frame.stream().skip(1)).toList())
				.containsExactlyElementsOf(numbered("gathered-", 300));
		}
	}

	@Test
	void sendAsyncWhenFrameWouldBeLargerThanReceiversTakeSendsAnother() {
		try (PeerProcess process = PeerProcess.python("frames.py", path())) {
			with((broker) -> {
				List<CompletableFuture<Void>> sends = new ArrayList<>();
				sends.addAll(block(broker));
				for (int i = 0; i < 5; i++) {
					sends.add(send(broker, new byte[30_000]));
				}
				process.writeLine("read");
				sends.forEach(SendAsyncTests::join);
			});
			List<List<String>> frames = readFrames(process);
			assertThat(frames.subList(frames.size() - 3, frames.size())).extracting(List::size)
				.containsExactly(1 + 2, 1 + 2, 1 + 1);
		}
	}

	@EachTransport
	void sendAsyncWhenManyThreadsDoArrivesOnceInOrderWithItsDescriptor(TransportMode transport) {
		Transports.assumeAvailable(transport);
		Collector collector = new Collector();
		TestApplication.with(this.directory, Collector.class, collector)
			.withPropertyValues("fdbroker.transport=" + transport)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				List<Background<Boolean>> threads = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					int thread = i;
					threads.add(Background.run(() -> sendMany(broker, thread)));
				}
				for (Background<Boolean> thread : threads) {
					thread.get();
				}
				Awaitility.await().until(() -> collector.received.size() >= THREADS * MESSAGES);
			});
		assertThat(collector.faults).isEmpty();
		for (int i = 0; i < THREADS; i++) {
			String prefix = i + "-";
			assertThat(collector.received).filteredOn((payload) -> payload.startsWith(prefix))
				.containsExactlyElementsOf(numbered(prefix, MESSAGES));
		}
	}

	/**
	 * Send asynchronously, and now and then not, with 50 at most under way.
	 */
	private void sendMany(FdBroker broker, int thread) throws Exception {
		Semaphore free = new Semaphore(50);
		for (int i = 0; i < MESSAGES; i++) {
			String content = thread + "-" + i;
			if (i % 20 == 0) {
				broker.to(TestApplication.SOCKET).payload(content).send();
			}
			else {
				free.acquire();
				sendFile(broker, content).thenRun(free::release);
			}
		}
		free.acquire(50);
	}

	@Test
	void sendAsyncWhenFollowedBySendKeepsOrder() {
		try (PeerProcess process = PeerProcess.python("frames.py", path())) {
			process.writeLine("read");
			with((broker) -> {
				for (int i = 0; i < 1000; i += 2) {
					sendFile(broker, "message-" + i);
					broker.to(TestApplication.SOCKET).payload("message-" + (i + 1)).send();
				}
			});
			assertThat(readFrames(process).stream().flatMap((frame) -> frame.stream().skip(1)).toList())
				.containsExactlyElementsOf(numbered("message-", 1000));
		}
	}

	@Test
	void sendAsyncWhenOneCannotBeSentFailsAloneAndItsNeighboursArrive() {
		with((broker) -> {
			CompletableFuture<Void> before = send(broker, "before");
			awaitConnecting();
			CompletableFuture<Void> first = send(broker, "first");
			CompletableFuture<Void> nameTooLong = broker.to(TestApplication.SOCKET)
				.payload("never")
				.descriptor("n".repeat(256), Path.of("/dev/null"))
				.sendAsync()
				.toCompletableFuture();
			CompletableFuture<Void> tooMany = tooManyDescriptors(broker);
			CompletableFuture<Void> noDescriptor = broker.to(TestApplication.SOCKET)
				.descriptor("text has none")
				.sendAsync()
				.toCompletableFuture();
			CompletableFuture<Void> last = send(broker, "last");
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY before");
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY first");
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY last");
			}
			join(before);
			join(first);
			join(last);
			assertThat(failure(nameTooLong)).isInstanceOf(FdLimitException.class)
				.hasMessageContaining("name of a descriptor");
			assertThat(failure(tooMany)).isInstanceOf(FdLimitException.class).hasMessageContaining("254 descriptors");
			assertThat(failure(noDescriptor)).isInstanceOf(FdConversionException.class);
		});
	}

	@Test
	void sendAsyncWhenTooMuchWaitsIsRefusedAtOnceAndSaysWhatRaisesTheLimit() {
		with((broker) -> {
			CompletableFuture<Void> first = sendFile(broker, "first");
			CompletableFuture<Void> second = broker.to(TestApplication.SOCKET)
				.descriptor(Path.of("/dev/null"))
				.descriptor(Path.of("/dev/null"))
				.sendAsync()
				.toCompletableFuture();
			CompletableFuture<Void> refused = sendFile(broker, "refused");
			assertThat(failure(refused)).isInstanceOf(FdLimitException.class)
				.hasMessage("3 messages wait to be sent to peer 'handoff', a message with several descriptors "
						+ "counted once per descriptor, see fdbroker.peers.handoff.max-pending-sends");
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				join(first);
				join(second);
				join(sendFile(broker, "room again"));
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY first");
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY ");
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY room again");
			}
		}, "max-pending-sends=3");
	}

	@Test
	void sendAsyncWhenMessageAloneHasMoreDescriptorsThanMayWaitIsSent() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				join(broker.to(TestApplication.SOCKET)
					.descriptor(Path.of("/dev/null"))
					.descriptor(Path.of("/dev/zero"))
					.sendAsync()
					.toCompletableFuture());
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY ");
				}
			}
		}, "max-pending-sends=1");
	}

	@Test
	void sendAsyncWhenPeerNeverComesFailsAllThatWaitedAfterOneAttempt() {
		with((broker) -> {
			List<CompletableFuture<Void>> sends = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				sends.add(sendFile(broker, "message-" + i));
			}
			Set<Throwable> failures = new HashSet<>();
			sends.forEach((send) -> failures.add(failure(send)));
			assertThat(failures).hasSizeLessThan(100)
				.allSatisfy((failure) -> assertThat(failure).isInstanceOf(FdConnectException.class)
					.hasMessageContaining("was not there within 500 ms"));
		}, "connect-timeout=500ms", "format=raw");
	}

	@Test
	void sendAsyncWhenPeerRestartedGoesOverNewConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				join(send(broker, "one"));
				server.accept().close();
			}
			try (RawServer server = RawServer.listen(this.directory)) {
				join(send(broker, "two"));
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY two");
				}
			}
		});
	}

	@Test
	void sendAsyncWhenConnectionBreaksInFrameFailsItAndTheRestGoesOverNewConnection() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				List<CompletableFuture<Void>> blocking = block(broker);
				List<CompletableFuture<Void>> gathered = List.of(sendFile(broker, "a"), sendFile(broker, "b"));
				server.accept().close();
				try (RawPeer peer = server.accept()) {
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY a");
					assertThat(peer.reply()).isEqualTo("0 ONE_WAY b");
				}
				gathered.forEach(SendAsyncTests::join);
				assertThat(failure(blocking.get(blocking.size() - 1))).isInstanceOf(FdConnectException.class)
					.hasMessageContaining("broke in the middle of a message");
			}
		});
	}

	@Test
	void sendAsyncWhenPeerTakesNothingForTooLongFails() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				List<CompletableFuture<Void>> blocking = block(broker);
				assertThat(failure(blocking.get(blocking.size() - 1))).isInstanceOf(FdTimeoutException.class)
					.hasMessageContaining("took nothing for 200 ms");
				join(send(broker, "again"));
				try (RawPeer first = server.accept(); RawPeer second = server.accept()) {
					assertThat(second.reply()).isEqualTo("0 ONE_WAY again");
				}
			}
		}, "send-timeout=200ms");
	}

	@Test
	void sendAsyncWhenBrokerIsClosedMeanwhileFailsAndGivesBackDescriptors() {
		try (RawServer server = RawServer.listen(this.directory)) {
			List<CompletableFuture<Void>> blocking = new ArrayList<>();
			List<CompletableFuture<Void>> gathered = new ArrayList<>();
			FdBroker[] closed = new FdBroker[1];
			with((broker) -> {
				closed[0] = broker;
				blocking.addAll(block(broker));
				for (int i = 0; i < 300; i++) {
					gathered.add(sendFile(broker, "gathered-" + i));
				}
			});
			assertThat(failure(blocking.get(blocking.size() - 1))).isInstanceOf(FdConnectException.class);
			assertThat(gathered).allSatisfy((send) -> assertThat(failure(send)).isInstanceOf(FdConnectException.class)
				.hasMessage("The broker is closed"));
			assertThat(failure(send(closed[0], "too late"))).hasMessage("The broker is closed");
		}
	}

	@Test
	void sendAsyncWhenBrokerIsClosedWhileItConnectsFailsWithoutWaitingForThePeer() {
		List<CompletableFuture<Void>> sends = new ArrayList<>();
		with((broker) -> {
			sends.add(sendFile(broker, "one"));
			sends.add(sendFile(broker, "two"));
		}, "connect-timeout=1h");
		assertThat(sends).allSatisfy((send) -> assertThat(failure(send)).isInstanceOf(FdConnectException.class));
	}

	@Test
	void sendAsyncWhenItsStageIsCancelledIsSentAllTheSameAndGivesBackDescriptors() {
		with((broker) -> {
			CompletableFuture<Void> cancelled = sendFile(broker, "cancelled");
			cancelled.cancel(true);
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY cancelled");
			}
		});
	}

	@Test
	void sendAsyncWhenItsActionsSendGoesOn() {
		with((broker) -> {
			try (RawServer server = RawServer.listen(this.directory)) {
				CompletableFuture<Void> chain = broker.to(TestApplication.SOCKET)
					.payload("1")
					.sendAsync()
					.thenRun(() -> broker.to(TestApplication.SOCKET).payload("2").send())
					.thenCompose((done) -> broker.to(TestApplication.SOCKET).payload("3").sendAsync())
					.toCompletableFuture();
				try (RawPeer peer = server.accept()) {
					for (int i = 1; i <= 3; i++) {
						assertThat(peer.reply()).isEqualTo("0 ONE_WAY " + i);
					}
					join(chain);
				}
			}
		});
	}

	@Test
	void sendAsyncWhenDescriptorIsTakenMeanwhileRefusesThat() {
		withContext((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			OwnedFd descriptor = nullDevice(context.getBean(FdConverters.class));
			CompletableFuture<Void> sent = broker.to(TestApplication.SOCKET)
				.descriptor(descriptor)
				.sendAsync()
				.toCompletableFuture();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(descriptor::detach);
			descriptor.close();
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				join(sent);
				FdMessage message = peer.receive().message();
				assertThat(message.descriptors()).hasSize(1);
				message.close();
			}
		});
	}

	@Test
	void sendAsyncWhenFormatHasNoFramesSendsOneAtATime() {
		with((broker) -> {
			List<CompletableFuture<Void>> sends = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				sends.add(sendFile(broker, "message-" + i));
			}
			try (RawServer server = RawServer.listen(this.directory); RawPeer peer = server.accept()) {
				for (int i = 0; i < 10; i++) {
					assertThat(peer.read()).isEqualTo("message-" + i);
				}
			}
			sends.forEach(SendAsyncTests::join);
		}, "format=raw");
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "datagram" })
	void sendAsyncWhenSocketKeepsMessagesSendsEachWholeAndInOrder(String type) {
		Collector collector = new Collector();
		TestApplication.with(this.directory, Collector.class, collector)
			.withPropertyValues("fdbroker.sockets.handoff.type=" + type, "fdbroker.peers.handoff.type=" + type)
			.run((context) -> {
				List<CompletableFuture<Void>> sends = new ArrayList<>();
				for (int i = 0; i < 200; i++) {
					sends.add(sendFile(context.getBean(FdBroker.class), "message-" + i));
				}
				sends.forEach(SendAsyncTests::join);
				Awaitility.await().until(() -> collector.received.size() == 200);
				assertThat(collector.received).containsExactlyElementsOf(numbered("message-", 200));
				assertThat(collector.faults).isEmpty();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "datagram" })
	void sendAsyncWhenMessageIsTooLongForTheSystemFailsAndTheNextIsSent(String type) {
		Collector collector = new Collector();
		TestApplication.with(this.directory, Collector.class, collector)
			.withPropertyValues("fdbroker.sockets.handoff.type=" + type, "fdbroker.peers.handoff.type=" + type)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				CompletableFuture<Void> tooLong = send(broker, new byte[8_000_000]);
				CompletableFuture<Void> next = send(broker, "next");
				assertThat(failure(tooLong)).isInstanceOf(FdLimitException.class).hasMessageContaining("EMSGSIZE");
				join(next);
				Awaitility.await().until(() -> collector.received.contains("next"));
			});
	}

	@Test
	void sendAsyncWhenPeerIsUnknownSaysSo() {
		with((broker) -> assertThatExceptionOfType(FdException.class)
			.isThrownBy(() -> broker.to("handof").message(OutgoingFdMessage.of("")).sendAsync())
			.withMessageContaining("there are: [handoff]"));
	}

	/**
	 * Send until the peer, which does not read, takes no more, and the thread that sends
	 * waits for room in the middle of a message.
	 */
	private static List<CompletableFuture<Void>> block(FdBroker broker) {
		List<CompletableFuture<Void>> sends = new ArrayList<>();
		CompletableFuture<Void> last;
		do {
			last = send(broker, new byte[BLOCKING_BYTES]);
			sends.add(last);
			CompletableFuture<Void> current = last;
			Awaitility.await().until(() -> current.isDone() || isSenderBlocked());
		}
		while (last.isDone());
		return sends;
	}

	/**
	 * Whether the thread that sends waits in the kernel for a socket.
	 */
	private static boolean isSenderBlocked() {
		try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
			return threads.anyMatch((thread) -> read(thread.resolve("comm")).startsWith("fd-send-handoff")
					&& read(thread.resolve("wchan")).startsWith("sock_"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

	/**
	 * Wait until the thread that sends waits for a peer that is not there.
	 */
	private static void awaitConnecting() {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.values()
				.stream()
				.flatMap(Stream::of)
				.anyMatch((frame) -> frame.getClassName().equals(FdConnector.class.getName())));
	}

	private static CompletableFuture<Void> send(FdBroker broker, Object payload) {
		return broker.to(TestApplication.SOCKET).payload(payload).sendAsync().toCompletableFuture();
	}

	/**
	 * Send a file with the payload as its content, and close it at once.
	 */
	private CompletableFuture<Void> sendFile(FdBroker broker, String content) {
		try {
			Path file = Files.writeString(this.directory.resolve(content), content);
			try (FileInputStream stream = new FileInputStream(file.toFile())) {
				Files.delete(file);
				return broker.to(TestApplication.SOCKET)
					.payload(content)
					.descriptor(stream)
					.sendAsync()
					.toCompletableFuture();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static CompletableFuture<Void> tooManyDescriptors(FdBroker broker) {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();
		for (int i = 0; i < 254; i++) {
			message.descriptor(Path.of("/dev/null"));
		}
		return broker.to(TestApplication.SOCKET).message(message.build()).sendAsync().toCompletableFuture();
	}

	private static OwnedFd nullDevice(FdConverters converters) {
		try (FileInputStream file = new FileInputStream("/dev/null")) {
			return converters.adopt(Descriptors.duplicate(file.getFD()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void join(CompletableFuture<Void> send) {
		assertThat(send).succeedsWithin(20, TimeUnit.SECONDS);
	}

	private static Throwable failure(CompletableFuture<Void> send) {
		try {
			send.orTimeout(20, TimeUnit.SECONDS).join();
			throw new AssertionError("It was sent");
		}
		catch (CompletionException ex) {
			return ex.getCause();
		}
	}

	private static List<List<String>> readFrames(PeerProcess process) {
		List<List<String>> frames = new ArrayList<>();
		String line = process.readLine();
		while (line.startsWith("frame ")) {
			List<String> words = Arrays.asList(line.split(" "));
			frames.add(words.subList(1, words.size()));
			line = process.readLine();
		}
		assertThat(line).isEqualTo("end");
		return frames;
	}

	private static List<String> numbered(String prefix, int count) {
		List<String> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			all.add(prefix + i);
		}
		return all;
	}

	private Path path() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private void with(Brokers.Use test, String... properties) {
		Brokers.with(this.directory, test, properties);
	}

	private void withContext(Brokers.ContextUse test, String... properties) {
		Brokers.withContext(this.directory, test, properties);
	}

	/**
	 * Takes what comes, and notes what came with the descriptor of another message.
	 */
	static class Collector {

		private final Queue<String> received = new ConcurrentLinkedQueue<>();

		private final Queue<String> faults = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		void collect(FdMessage message) throws IOException {
			for (OwnedFd descriptor : message.descriptors()) {
				try (FileInputStream file = descriptor.into(FileInputStream.class)) {
					String content = new String(file.readAllBytes(), StandardCharsets.UTF_8);
					if (!content.equals(message.text())) {
						this.faults.add(message.text() + " came with " + content);
					}
				}
			}
			this.received.add(message.text());
		}

	}

}
