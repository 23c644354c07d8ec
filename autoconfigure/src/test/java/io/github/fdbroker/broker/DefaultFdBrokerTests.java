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
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.ParameterizedTypeReference;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.test.FdTestResult;
import io.github.fdbroker.test.FdTestServer;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.RawServer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What the broker sends, refuses to send, gives away and takes from replies.
 */
class DefaultFdBrokerTests {

	private static final int MOST = 253;

	private static final byte[] JSON = "{\"name\":\"tea\",\"count\":3}".getBytes();

	@TempDir
	Path directory;

	@Test
	void sendWhenAsManyDescriptorsAsTheSystemPassesSendsAllAndOneMoreNone() throws IOException {
		try (RawServer server = RawServer.listen(this.directory);
				RandomAccessFile file = new RandomAccessFile(file("content").toFile(), "r")) {
			with((broker) -> {
				assertThatExceptionOfType(FdLimitException.class)
					.isThrownBy(() -> broker.to("handoff").message(descriptors(file, MOST + 1)).send())
					.withMessageContaining("A message with 254 descriptors cannot be sent")
					.withMessageContaining("253 at most");
				broker.to("handoff").message(descriptors(file, MOST)).send();
				try (RawPeer peer = server.accept(); FdMessage message = peer.receive().message()) {
					assertThat(message.descriptors()).hasSize(MOST);
				}
			});
		}
	}

	@Test
	void sendWhenMessageCannotBeComposedDoesNotConnect() throws IOException {
		FileInputStream closed = new FileInputStream(file("content").toFile());
		closed.close();
		with((broker) -> {
			assertRefused(() -> broker.to("handoff").payload(Map.of("self", new SelfReference())).send(),
					"cannot be written");
			assertRefused(() -> broker.to("handoff").descriptor(Path.of("/dev/null")).descriptor(closed).send(),
					"FileInputStream cannot be sent");
			assertRefused(() -> broker.to("handoff").descriptor(Path.of("/missing")).request(), "/missing");
			assertRefused(() -> broker.to("handoff").descriptor("no descriptor").handOver(), "String");
		});
	}

	@Test
	void sendWhenSourceIsClosedAfterwardsReceiverStillHasIt() throws IOException {
		try (FdTestServer server = server().start()) {
			with((broker) -> {
				try (FileInputStream file = new FileInputStream(file("content").toFile())) {
					broker.to("handoff").descriptor("log", file).send();
					assertThat(file.getFD().valid()).isTrue();
				}
				assertThat(server.receive()).descriptor("log").hasContent("content");
			});
		}
	}

	@Test
	void requestWhenPeerKnowsOnlyBytesExchangesThem() throws IOException {
		Path file = file("content");
		try (PeerProcess process = PeerProcess.python("rawpeer.py", "serve", this.directory.resolve("handoff"))) {
			with((broker) -> {
				assertThat(broker.to("handoff").payload("two").descriptor(file).descriptor(file).request().text())
					.isEqualTo("two with ['content', 'content']");
				assertThat(broker.to("handoff").payload("none").requestPayload(String.class)).isEqualTo("none with []");
			}, "format=raw");
			assertThat(process.readLine()).isEqualTo("got 7 bytes");
			with((broker) -> broker.to("handoff").descriptor(file).send(), "format=raw");
			assertThat(process.readLine()).isEqualTo("got 1 bytes");
		}
	}

	@Test
	void handOverWhenSentClosesTheSendersCopy() throws IOException {
		try (FdTestServer server = server().start()) {
			FileInputStream stream = new FileInputStream(file("stream").toFile());
			FileOutputStream output = new FileOutputStream(file("output").toFile());
			RandomAccessFile random = new RandomAccessFile(file("random").toFile(), "r");
			FileDescriptor raw = new FileInputStream(file("raw").toFile()).getFD();
			with((broker) -> {
				broker.to("handoff")
					.descriptor(stream)
					.descriptor(output)
					.descriptor(random)
					.descriptor(raw)
					.handOver();
				assertThat(stream.getFD().valid()).isFalse();
				assertThat(output.getFD().valid()).isFalse();
				assertThat(random.getFD().valid()).isFalse();
				assertThat(raw.valid()).isFalse();
				FdTestResult received = server.receive();
				assertThat(received).descriptor(0).hasContent("stream");
				assertThat(received).descriptor(3).hasContent("raw");
			});
		}
	}

	@Test
	void handOverWhenConnectionIsGivenAwayItLivesOn() throws IOException {
		AFUNIXSocketAddress address = AFUNIXSocketAddress.of(this.directory.resolve("clients"));
		try (FdTestServer server = server().start();
				AFUNIXServerSocket clients = AFUNIXServerSocket.bindOn(address);
				AFUNIXSocket client = AFUNIXSocket.connectTo(address)) {
			AFUNIXSocket accepted = clients.accept();
			with((broker) -> {
				broker.to("handoff").descriptor(accepted).handOver();
				assertThat(accepted.getFileDescriptor().valid()).isFalse();
				try (FileOutputStream output = server.receive().message().descriptor(0).into(FileOutputStream.class)) {
					output.write(7);
					assertThat(client.getInputStream().read()).isEqualTo(7);
				}
			});
		}
	}

	@Test
	void handOverWhenSendingFailsLeavesEverythingOpen() throws IOException {
		try (FileInputStream stream = new FileInputStream(file("content").toFile());
				FileInputStream closed = new FileInputStream(file("content").toFile())) {
			closed.close();
			with((broker) -> {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> broker.to("handoff").descriptor(stream).handOver());
				assertThatExceptionOfType(FdConversionException.class)
					.isThrownBy(() -> broker.to("handoff").descriptor(stream).descriptor(closed).handOver());
				assertThat(stream.read()).isEqualTo('c');
			}, "connect-timeout=1ms");
		}
	}

	@Test
	void requestForTypeWhenReplyHasItReturnsItAndClosesTheRest() throws Exception {
		try (FileInputStream stream = ask(descriptor(FileInputStream.class), "", "a", "b")) {
			assertThat(stream.readAllBytes()).asString().isEqualTo("a");
		}
		try (OwnedFd owned = ask(descriptor(OwnedFd.class), "", "a", "b")) {
			assertThat(content(owned)).isEqualTo("a");
		}
		assertThat(ask(payload(String.class), "text", "a")).isEqualTo("text");
		assertThat(ask(payload(byte[].class), "text", "a")).isEqualTo("text".getBytes());
		assertThat(ask(payload(Item.class), new String(JSON), "a")).isEqualTo(new Item("tea", 3));
		try (FdMessage message = ask(MessageSpec::request, "text", "a", "b")) {
			assertThat(message.descriptors()).hasSize(2);
		}
	}

	@Test
	void requestPayloadWhenTypeHasArgumentsReadsThem() throws Exception {
		List<Item> items = ask((message) -> message.requestPayload(new ParameterizedTypeReference<List<Item>>() {
		}), "[" + new String(JSON) + "]");
		assertThat(items).containsExactly(new Item("tea", 3));
	}

	@Test
	void requestAsyncWhenAnsweredCompletesWithTheReply() throws Exception {
		try (FdMessage reply = ask((message) -> message.requestAsync().toCompletableFuture().join(), "text", "a")) {
			assertThat(reply.text()).isEqualTo("text");
			assertThat(reply.descriptors()).hasSize(1);
		}
	}

	@Test
	void requestAsyncWhenCancelledClosesTheReplyAndWhenBrokerClosesFails() throws Exception {
		try (RawServer server = RawServer.listen(this.directory);
				FileInputStream file = new FileInputStream(file("x").toFile())) {
			with((broker) -> {
				CompletableFuture<FdMessage> cancelled = broker.to("handoff").requestAsync().toCompletableFuture();
				try (RawPeer peer = server.accept()) {
					long correlation = peer.request().correlation();
					cancelled.cancel(false);
					peer.send(MessageKind.REPLY, correlation, "late", file.getFD());
				}
				CompletableFuture<FdMessage> unanswered = broker.to("handoff").requestAsync().toCompletableFuture();
				CompletableFuture<FdMessage> waiting = broker.to("handoff")
					.descriptor(file)
					.requestAsync()
					.toCompletableFuture();
				try (RawPeer peer = server.accept()) {
					peer.request();
					((DisposableBean) broker).destroy();
				}
				assertThat(unanswered).failsWithin(Duration.ofSeconds(10))
					.withThrowableOfType(ExecutionException.class)
					.withCauseInstanceOf(FdConnectException.class);
				assertThat(waiting).failsWithin(Duration.ofSeconds(10))
					.withThrowableOfType(ExecutionException.class)
					.withCauseInstanceOf(FdConnectException.class);
			}, "max-connections=1");
		}
	}

	@ParameterizedTest
	@MethodSource
	void requestForTypeWhenReplyHasItNotFailsAndLeavesNothingOpen(Function<MessageSpec, ?> request, String payload,
			String[] files, String message) {
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> ask(request, payload, files))
			.withMessageContaining(message);
	}

	static Stream<Arguments> requestForTypeWhenReplyHasItNotFailsAndLeavesNothingOpen() {
		return Stream.of(Arguments.of(descriptor(FileInputStream.class), "p", new String[0], "the message carries 0"),
				Arguments.of(descriptor(FileOutputStream.class), "p", new String[] { "a", "b" },
						"something to write to"),
				Arguments.of(descriptor(ServerSocketChannel.class), "p", new String[] { "a" }, "ServerSocketChannel"),
				Arguments.of(payload(Item.class), "no JSON", new String[] { "a" }, "The payload is no "),
				Arguments.of(descriptor(Thread.class), "{", new String[] { "a" }, "java.lang.Thread"),
				Arguments.of(payload(Thread.class), "{", new String[] { "a" }, "java.lang.Thread"));
	}

	@Test
	void requestWhenReplyExceedsLimitsFailsAndLeavesNothingOpen() {
		assertThatExceptionOfType(FdException.class).isThrownBy(() -> ask(MessageSpec::request, "", "1", "2", "3"))
			.withMessageContaining("fdbroker.peers.handoff.max-descriptors");
		assertThatExceptionOfType(FdException.class).isThrownBy(() -> ask(MessageSpec::request, "x".repeat(1000)))
			.withMessageContaining("fdbroker.peers.handoff.max-message-size");
	}

	@Test
	void requestWhenTimeoutIsLongerThanTheClockWaits() throws Exception {
		try (FdTestServer server = server().replyWith((message, sender) -> "reply").start()) {
			with((broker) -> {
				MessageSpec request = broker.to("handoff").timeout(Duration.ofSeconds(Long.MAX_VALUE));
				assertThat(request.requestPayload(String.class)).isEqualTo("reply");
				assertThat(server.receive()).isMessage();
			});
		}
	}

	@Test
	void brokerWhenCalledFromVirtualThreadWorks() throws Exception {
		Assumptions.assumeTrue(Runtime.version().feature() >= 21, "virtual threads take Java 21");
		try (FdTestServer server = server().replyWith((message, sender) -> "reply").start()) {
			with((broker) -> {
				AtomicReference<String> result = new AtomicReference<>();
				Thread thread = startVirtual(() -> {
					broker.to("handoff").payload("sent").send();
					result.set(broker.to("handoff").descriptor(Path.of("/dev/null")).requestPayload(String.class));
				});
				assertThat(List.of(server.receive(), server.receive())).extracting(FdTestResult::message)
					.extracting(FdMessage::text, (message) -> message.descriptors().size())
					.containsExactlyInAnyOrder(tuple("sent", 0), tuple("", 1));
				thread.join(10_000);
				assertThat(result.get()).isEqualTo("reply");
			});
		}
	}

	private static Thread startVirtual(Runnable task) throws ReflectiveOperationException {
		return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
	}

	private static void assertRefused(ThrowingCallable call, String message) {
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(call).withMessageContaining(message);
	}

	private static <T> Function<MessageSpec, T> descriptor(Class<T> type) {
		return (message) -> message.requestDescriptor(type);
	}

	private static <T> Function<MessageSpec, T> payload(Class<T> type) {
		return (message) -> message.requestPayload(type);
	}

	private <T> T ask(Function<MessageSpec, T> request, String payload, String... files) throws Exception {
		AtomicReference<T> result = new AtomicReference<>();
		try (FdTestServer server = server().replyWith((message, sender) -> reply(payload, files)).start()) {
			with((broker) -> result.set(request.apply(broker.to("handoff"))), "max-descriptors=2",
					"max-message-size=500B");
			assertThat(server.receive()).isMessage();
		}
		return result.get();
	}

	private FdTestServer.Builder server() {
		return FdTestServer.at(this.directory.resolve(TestApplication.SOCKET));
	}

	private OutgoingFdMessage reply(String payload, String... files) throws IOException {
		OutgoingFdMessage.Builder reply = OutgoingFdMessage.builder().payload(payload);
		for (String content : files) {
			reply.descriptor(file(content));
		}
		return reply.build();
	}

	private static OutgoingFdMessage descriptors(Object source, int count) {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();
		Collections.nCopies(count, source).forEach(message::descriptor);
		return message.build();
	}

	private static String content(OwnedFd owned) throws IOException {
		try (FileChannel channel = owned.into(FileChannel.class)) {
			ByteBuffer bytes = ByteBuffer.allocate(100);
			channel.read(bytes, 0);
			return new String(bytes.array(), 0, bytes.position());
		}
	}

	private Path file(String content) throws IOException {
		return Files.writeString(this.directory.resolve("file-" + content), content);
	}

	private void with(Brokers.Use test, String... properties) {
		Brokers.with(this.directory, test, properties);
	}

	record Item(String name, int count) {

	}

	static class SelfReference {

		public SelfReference getSelf() {
			return this;
		}

	}

}
