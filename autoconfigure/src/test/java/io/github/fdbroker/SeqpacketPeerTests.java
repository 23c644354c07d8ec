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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets that have connections and keep messages, with a peer in C, and what naming
 * means for all types with connections: many clients, each with its own connection, and
 * one server at a path.
 */
class SeqpacketPeerTests {

	@TempDir
	Path directory;

	private PacketApplication application;

	private Path first;

	private Path second;

	@BeforeEach
	void createFiles() {
		this.application = new PacketApplication(this.directory, "seqpacket");
		this.first = this.application.file("first", "one");
		this.second = this.application.file("second", "two");
	}

	@EachTransport
	void listenerWhenPayloadIsEmptyGetsDescriptorsAndReplies(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo()).run((context) -> {
			assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(), "NUL", this.first,
					this.second))
				.isEqualTo("1 bytes '!' 2 descriptors [one] [two]");
			assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(), "text"))
				.isEqualTo("5 bytes 'text!' 0 descriptors");
		});
	}

	@EachTransport
	void listenerWhenMessagesAreEmptyTakesNoneOfThemForTheEnd(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		this.application.with(transport, recorder).run((context) -> {
			try (PeerProcess peer = PeerProcess.python("packets.py", this.application.socket(), this.first)) {
				peer.writeLine("empty");
				assertThat(recorder.next()).isEqualTo("'' []");
				peer.writeLine("descriptor");
				assertThat(recorder.next()).isEqualTo("'' [one]");
				peer.writeLine("empty");
				assertThat(recorder.next()).isEqualTo("'' []");
				peer.writeLine("text");
				assertThat(recorder.next()).isEqualTo("'text' []");
				assertThat(PacketApplication.connections(context)).isOne();
			}
			Awaitility.await().untilAsserted(() -> assertThat(PacketApplication.connections(context)).isZero());
			assertThat(recorder.isEmpty()).isTrue();
		});
	}

	@EachTransport
	void brokerSendsAndRequestsEachMessageWhole(TransportMode transport) {
		this.application.broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess server = this.application.serve(this.application.socket(), 2);
					FileInputStream one = new FileInputStream(this.first.toFile())) {
				try (FdMessage reply = broker.to("handoff").descriptor(one).request()) {
					assertThat(reply.text()).isEqualTo("got ");
					assertThat(reply.descriptors()).hasSize(1);
				}
				assertThat(broker.to("handoff").payload("again").requestPayload(String.class)).isEqualTo("got again");
				assertThat(server.readLine()).isEqualTo("0 bytes '' 1 descriptors [one]");
				assertThat(server.readLine()).isEqualTo("5 bytes 'again' 0 descriptors");
			}
		});
	}

	@EachTransport
	void brokerAndListenerWhenBothSpeakFramesAskAndReply(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.format=frame", "fdbroker.peers.handoff.format=frame")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (FileInputStream one = new FileInputStream(this.first.toFile());
						FdMessage reply = broker.to("handoff").payload("framed").descriptor("name", one).request()) {
					assertThat(reply.text()).isEqualTo("framed!");
					assertThat(reply.descriptors()).hasSize(1);
				}
				String large = "x".repeat(60_000);
				assertThat(broker.to("handoff").payload(large).requestPayload(String.class)).isEqualTo(large + "!");
			});
	}

	@EachTransport
	void listenerWhenMessageLongerThanLimitEndsThatConnectionAndServesOthers(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.max-message-size=64B")
			.run((context) -> {
				assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(), "x".repeat(65),
						this.first))
					.isEqualTo("0 bytes '' 0 descriptors");
				assertThat(PacketApplication.refusals(context, RejectionReason.LIMIT_EXCEEDED)).isOne();
				assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(), "x".repeat(64),
						this.first))
					.startsWith("65 bytes")
					.endsWith("[one]");
			});
	}

	@EachTransport
	void listenerWhenWhatComesIsNoFrameEndsThatConnection(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.format=frame")
			.run((context) -> {
				assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(),
						"garbage longer than a header", this.first))
					.contains("bytes 'FDBR");
				assertThat(this.application.c("ask", "seqpacket", "-", this.application.socket(), "NUL", this.first))
					.contains("bytes 'FDBR");
				assertThat(PacketApplication.refusals(context, RejectionReason.MALFORMED)).isEqualTo(2);
			});
	}

	@EachTransport
	void brokerWhenReplyIsLongerThanLimitThrowsAndSaysWhichProperty(TransportMode transport) {
		this.application.broker(transport)
			.withPropertyValues("fdbroker.peers.handoff.max-message-size=64B")
			.run((context) -> {
				try (PeerProcess server = this.application.serve(this.application.socket(), 1)) {
					assertThatExceptionOfType(FdLimitException.class)
						.isThrownBy(
								() -> context.getBean(FdBroker.class).to("handoff").payload("x".repeat(64)).request())
						.withMessageContaining("64")
						.withMessageContaining("fdbroker.peers.handoff.max-message-size");
					assertThat(server.pid()).isPositive();
				}
			});
	}

	@EachTransport
	void stopRepliesWhatHasComeAndEndsTheConnection(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		this.application.with(transport, recorder).run((context) -> {
			try (PeerProcess peer = PeerProcess.python("packets.py", this.application.socket(), this.first)) {
				peer.writeLine("text");
				assertThat(recorder.next()).isEqualTo("'text' []");
				context.getBean(FdListenerRegistry.class).stop();
				peer.writeLine("text");
				assertThat(peer.readLine()).isEqualTo("EPIPE");
			}
			assertThat(this.application.socket()).doesNotExist();
		});
	}

	@ParameterizedTest
	@EnumSource(SocketType.class)
	void listenerWhenManyClientsConnectGivesEachItsOwnReply(SocketType type) {
		this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.type=" + type)
			.run((context) -> {
				List<Thread> clients = new ArrayList<>();
				BlockingQueue<String> replies = new LinkedBlockingQueue<>();
				for (int i = 0; i < 10; i++) {
					String text = "client" + i;
					Path own = this.directory.resolve(text);
					Thread client = new Thread(() -> replies.add(this.application.c("ask", lower(type),
							type == SocketType.DATAGRAM ? own : "-", this.application.socket(), text, this.first)));
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
		try (PeerProcess other = PeerProcess
			.startReady(Peers.compiled(PacketApplication.C, "serve", lower(type), this.application.socket(), 1))) {
			this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
				.withPropertyValues("fdbroker.sockets.handoff.type=datagram")
				.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("another type"));
			// The last one, as the peer serves one connection.
			this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
				.withPropertyValues("fdbroker.sockets.handoff.type=" + type)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("is served by process " + other.pid()));
		}
		assertThat(this.application.socket()).exists();
		this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
			.run((context) -> assertThat(
					this.application.c("ask", "seqpacket", "-", this.application.socket(), "served"))
				.isEqualTo("7 bytes 'served!' 0 descriptors"));
	}

	@Test
	void peerWhenItBindsToServedPathGetsEaddrinuse() {
		this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
			.run((context) -> assertThat(this.application.c("serve", "seqpacket", this.application.socket(), 1))
				.isEqualTo("bind: EADDRINUSE"));
	}

	private static String lower(SocketType type) {
		return type.name().toLowerCase(Locale.ROOT);
	}

}
