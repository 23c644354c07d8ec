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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets that have connections and keep messages, with a peer in C, and what naming
 * means for all types with connections: many clients, each with its own connection, and
 * one server at a path.
 */
class SeqpacketPeerTests {

	private static final String C = "messages.c";

	@TempDir
	Path directory;

	private Path first;

	private Path second;

	@BeforeEach
	void createFiles() throws IOException {
		this.first = Files.writeString(this.directory.resolve("first"), "one");
		this.second = Files.writeString(this.directory.resolve("second"), "two");
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenPayloadIsEmptyGetsDescriptorsAndReplies(TransportMode transport) {
		with(transport, new Echo()).run((context) -> {
			assertThat(c("ask", "seqpacket", "-", socket(), "NUL", this.first, this.second))
				.isEqualTo("1 bytes '!' 2 descriptors [one] [two]");
			assertThat(c("ask", "seqpacket", "-", socket(), "text")).isEqualTo("5 bytes 'text!' 0 descriptors");
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenMessagesAreEmptyTakesNoneOfThemForTheEnd(TransportMode transport) {
		Recorder recorder = new Recorder();
		with(transport, recorder).run((context) -> {
			try (PeerProcess peer = PeerProcess.python("packets.py", socket(), this.first)) {
				peer.writeLine("empty");
				assertThat(recorder.next()).isEqualTo("'' []");
				peer.writeLine("descriptor");
				assertThat(recorder.next()).isEqualTo("'' [one]");
				peer.writeLine("empty");
				assertThat(recorder.next()).isEqualTo("'' []");
				peer.writeLine("text");
				assertThat(recorder.next()).isEqualTo("'text' []");
				assertThat(connections(context)).isOne();
			}
			Awaitility.await().untilAsserted(() -> assertThat(connections(context)).isZero());
			assertThat(recorder.received).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerSendsAndRequestsEachMessageWhole(TransportMode transport) {
		broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess server = serve(2); FileInputStream one = new FileInputStream(this.first.toFile())) {
				try (FdMessage reply = broker.to("handoff").descriptor(one).request()) {
					assertThat(reply.text()).isEqualTo("got ");
					assertThat(reply.descriptors()).hasSize(1);
				}
				assertThat(broker.to("handoff").payload("again").request(String.class)).isEqualTo("got again");
				assertThat(server.readLine()).isEqualTo("0 bytes '' 1 descriptors [one]");
				assertThat(server.readLine()).isEqualTo("5 bytes 'again' 0 descriptors");
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerAndListenerWhenBothSpeakFramesAskAndReply(TransportMode transport) {
		with(transport, new Echo())
			.withPropertyValues("fdbroker.sockets.handoff.format=frame", "fdbroker.peers.handoff.format=frame")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (FileInputStream one = new FileInputStream(this.first.toFile());
						FdMessage reply = broker.to("handoff").payload("framed").descriptor("name", one).request()) {
					assertThat(reply.text()).isEqualTo("framed!");
					assertThat(reply.descriptors()).hasSize(1);
				}
				String large = "x".repeat(60_000);
				assertThat(broker.to("handoff").payload(large).request(String.class)).isEqualTo(large + "!");
			});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenMessageLongerThanLimitEndsThatConnectionAndServesOthers(TransportMode transport) {
		with(transport, new Echo()).withPropertyValues("fdbroker.sockets.handoff.max-message-size=64B")
			.run((context) -> {
				assertThat(c("ask", "seqpacket", "-", socket(), "x".repeat(65), this.first))
					.isEqualTo("0 bytes '' 0 descriptors");
				assertThat(refusals(context, RejectionReason.LIMIT_EXCEEDED)).isOne();
				assertThat(c("ask", "seqpacket", "-", socket(), "x".repeat(64), this.first)).startsWith("65 bytes")
					.endsWith("[one]");
			});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenWhatComesIsNoFrameEndsThatConnection(TransportMode transport) {
		with(transport, new Echo()).withPropertyValues("fdbroker.sockets.handoff.format=frame").run((context) -> {
			assertThat(c("ask", "seqpacket", "-", socket(), "garbage longer than a header", this.first))
				.isEqualTo("0 bytes '' 0 descriptors");
			assertThat(c("ask", "seqpacket", "-", socket(), "NUL", this.first)).isEqualTo("0 bytes '' 0 descriptors");
			assertThat(refusals(context, RejectionReason.MALFORMED)).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenReplyIsLongerThanLimitThrowsAndSaysWhichProperty(TransportMode transport) {
		broker(transport).withPropertyValues("fdbroker.peers.handoff.max-message-size=64B").run((context) -> {
			try (PeerProcess server = serve(1)) {
				assertThatExceptionOfType(FdLimitException.class)
					.isThrownBy(() -> context.getBean(FdBroker.class).to("handoff").payload("x".repeat(64)).request())
					.withMessageContaining("64")
					.withMessageContaining("fdbroker.peers.handoff.max-message-size");
				assertThat(server.pid()).isPositive();
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void stopRepliesWhatHasComeAndEndsTheConnection(TransportMode transport) {
		Recorder recorder = new Recorder();
		with(transport, recorder).run((context) -> {
			try (PeerProcess peer = PeerProcess.python("packets.py", socket(), this.first)) {
				peer.writeLine("text");
				assertThat(recorder.next()).isEqualTo("'text' []");
				context.getBean(FdListenerRegistry.class).stop();
				peer.writeLine("text");
				assertThat(peer.readLine()).isEqualTo("EPIPE");
			}
			assertThat(socket()).doesNotExist();
		});
	}

	@ParameterizedTest
	@EnumSource(SocketType.class)
	void listenerWhenManyClientsConnectGivesEachItsOwnReply(SocketType type) {
		with(TransportMode.AUTO, new Echo()).withPropertyValues("fdbroker.sockets.handoff.type=" + type)
			.run((context) -> {
				List<Thread> clients = new ArrayList<>();
				BlockingQueue<String> replies = new LinkedBlockingQueue<>();
				for (int i = 0; i < 10; i++) {
					String text = "client" + i;
					Path own = this.directory.resolve(text);
					Thread client = new Thread(() -> replies.add(c("ask", lower(type),
							type == SocketType.DATAGRAM ? own : "-", socket(), text, this.first)));
					clients.add(client);
					client.start();
				}
				for (Thread client : clients) {
					client.join();
				}
				assertThat(replies).hasSize(10)
					.allMatch((reply) -> reply.matches("8 bytes 'client\\d!' 1 descriptors \\[one]"))
					.doesNotHaveDuplicates();
			});
	}

	@ParameterizedTest
	@EnumSource(value = SocketType.class, names = { "STREAM", "SEQPACKET" })
	void listenerWhenPathIsServedFailsToStartAndStaleFileIsReplaced(SocketType type) {
		try (PeerProcess other = PeerProcess.startReady(Peers.compiled(C, "serve", lower(type), socket(), 1))) {
			with(TransportMode.AUTO, new Echo()).withPropertyValues("fdbroker.sockets.handoff.type=datagram")
				.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("another type"));
			// The last one, as the peer serves one connection.
			with(TransportMode.AUTO, new Echo()).withPropertyValues("fdbroker.sockets.handoff.type=" + type)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("is served by process " + other.pid()));
		}
		assertThat(socket()).exists();
		with(TransportMode.AUTO, new Echo()).run((context) -> assertThat(c("ask", "seqpacket", "-", socket(), "served"))
			.isEqualTo("7 bytes 'served!' 0 descriptors"));
	}

	@Test
	void peerWhenItBindsToServedPathGetsEaddrinuse() {
		with(TransportMode.AUTO, new Echo())
			.run((context) -> assertThat(c("serve", "seqpacket", socket(), 1)).isEqualTo("bind: EADDRINUSE"));
	}

	private static String lower(SocketType type) {
		return type.name().toLowerCase(Locale.ROOT);
	}

	private Path socket() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private PeerProcess serve(int count) {
		return PeerProcess.startReady(Peers.compiled(C, "serve", "seqpacket", socket(), count));
	}

	private static String c(Object... arguments) {
		return Peers.runCompiled(C, arguments).output().trim();
	}

	private <T> ApplicationContextRunner with(TransportMode transport, T listener) {
		Transports.assumeAvailable(transport);
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		return packets(TestApplication.with(this.directory, type, listener), transport);
	}

	private ApplicationContextRunner broker(TransportMode transport) {
		Transports.assumeAvailable(transport);
		return packets(TestApplication.withoutListener(this.directory), transport);
	}

	private static ApplicationContextRunner packets(ApplicationContextRunner runner, TransportMode transport) {
		return runner.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=seqpacket",
				"fdbroker.peers.handoff.type=seqpacket", "fdbroker.sockets.handoff.format=raw",
				"fdbroker.peers.handoff.format=raw");
	}

	private static int connections(AssertableApplicationContext context) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next().connections();
	}

	private static long refusals(AssertableApplicationContext context, RejectionReason reason) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next().counters().refusals(reason);
	}

	static class Recorder {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message) throws IOException {
			List<String> contents = new ArrayList<>();
			for (OwnedFd descriptor : message.descriptors()) {
				// The offset of an open file description is shared.
				contents.add(Files.readString(Path.of("/dev/fd/" + descriptor.number())));
			}
			this.received.add("'" + message.text() + "' " + contents);
		}

		@Nullable String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

	}

	static class Echo {

		@FdListener(TestApplication.SOCKET)
		FdMessage handle(FdMessage message) {
			FdMessage.Builder reply = FdMessage.builder().payload(message.text() + "!");
			message.descriptors().forEach((descriptor) -> reply.descriptor(descriptor.dup()));
			return reply.build();
		}

	}

}
