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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Datagram sockets with a peer in C: access rights as in 4.3BSD, a sender without an
 * address and a relative path, and UNP's {@code write_fd} and {@code read_fd}.
 */
class DatagramPeerTests {

	/** More replies than the send buffer of the server has room for. */
	private static final int MORE_THAN_A_BUFFER = 2000;

	@TempDir
	Path directory;

	private PacketApplication application;

	private Path first;

	private Path second;

	@BeforeEach
	void createFiles() {
		this.application = new PacketApplication(this.directory, "datagram");
		this.first = this.application.file("first", "one");
		this.second = this.application.file("second", "two");
	}

	@EachTransport
	void listenerWhenBoundSenderPassesRightsWithoutDataGetsThemAndTheAddress(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		Path own = this.directory.resolve("process_b");
		this.application.with(transport, recorder).run((context) -> {
			this.application.c("send", "datagram", own, this.application.socket(), "NUL", this.first);
			Files.delete(own);
			this.application.c("send", "datagram", own, this.application.socket(), "NUL", this.first, this.second,
					this.first);
			assertThat(recorder.next()).isEqualTo("'' [one] from " + own);
			assertThat(recorder.next()).isEqualTo("'' [one, two, one] from " + own);
		});
	}

	@EachTransport
	void listenerWhenSenderHasNoAddressGetsRightsWithoutOne(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		this.application.with(transport, recorder)
			.withPropertyValues("fdbroker.sockets.handoff.path=process_a")
			.run((context) -> {
				this.application.c("send", "datagram", "-", this.directory.resolve("process_a"), "NUL", this.first);
				assertThat(recorder.next()).isEqualTo("'' [one]");
			});
	}

	@EachTransport
	void brokerSendsRightsWithoutDataToBoundReceiver(TransportMode transport) {
		this.application.broker(transport)
			.withPropertyValues("fdbroker.peers.handoff.path=process_a")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (PeerProcess receiver = this.application.serve(this.directory.resolve("process_a"), 3);
						FileInputStream one = new FileInputStream(this.first.toFile());
						FileInputStream two = new FileInputStream(this.second.toFile())) {
					broker.to("handoff").descriptor(one).send();
					broker.to("handoff").descriptor(one).descriptor(two).send();
					broker.to("handoff").payload("text").send();
					assertThat(receiver.readLine()).isEqualTo("0 bytes '' 1 descriptors [one]");
					assertThat(receiver.readLine()).isEqualTo("0 bytes '' 2 descriptors [one] [two]");
					assertThat(receiver.readLine()).isEqualTo("4 bytes 'text' 0 descriptors");
				}
			});
	}

	@EachTransport
	void listenerAndBrokerWhenPeerIsWriteFdAndReadFdPassPayloadWithAndWithoutDescriptor(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		Path there = this.directory.resolve("there");
		this.application.with(transport, recorder)
			.withPropertyValues("fdbroker.peers.handoff.path=" + there)
			.run((context) -> {
				this.application.c("write_fd", this.application.socket(), "x", this.first);
				this.application.c("write_fd", this.application.socket(), "no descriptor");
				assertThat(recorder.next()).startsWith("'x' [one]");
				assertThat(recorder.next()).startsWith("'no descriptor' []");
				FdBroker broker = context.getBean(FdBroker.class);
				try (PeerProcess reader = PeerProcess.startReady(Peers.compiled(PacketApplication.C, "read_fd", there));
						FileInputStream one = new FileInputStream(this.first.toFile())) {
					broker.to("handoff").payload("y").descriptor(one).send();
					broker.to("handoff").payload("z").send();
					assertThat(reader.readLine()).isEqualTo("'y' [one]");
					assertThat(reader.readLine()).isEqualTo("'z' -1");
				}
			});
	}

	@EachTransport
	void listenerWhenItReturnsSomethingRepliesTheSendersAddress(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo()).run((context) -> {
			Path own = this.directory.resolve("own");
			assertThat(this.application.c("ask", "datagram", own, this.application.socket(), "hello", this.first))
				.isEqualTo("6 bytes 'hello!' 1 descriptors [one]");
			Files.delete(own);
			assertThat(this.application.c("ask", "datagram", own, this.application.socket(), "NUL", this.second))
				.isEqualTo("1 bytes '!' 1 descriptors [two]");
		});
	}

	@EachTransport
	void listenerWhenSenderCannotBeAnsweredGoesOn(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo()).run((context) -> {
			this.application.c("send", "datagram", "-", this.application.socket(), "dropped", this.first);
			assertThat(this.application.c("ask", "datagram", this.directory.resolve("own"), this.application.socket(),
					"next"))
				.isEqualTo("5 bytes 'next!' 0 descriptors");
		});
	}

	@EachTransport
	void listenerWhenSenderTakesNoRepliesRepliesToOthers(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo()).run((context) -> {
			Path own = this.directory.resolve("own");
			try (PeerProcess deaf = PeerProcess.python("deaf.py", own, this.application.socket(), 3 * maxQueued())) {
				assertThat(this.application.c("ask", "datagram", this.directory.resolve("other"),
						this.application.socket(), "next"))
					.isEqualTo("5 bytes 'next!' 0 descriptors");
				assertThat(deaf.pid()).isPositive();
				Awaitility.await().until(() -> PacketApplication.repliesDropped(context) > 0);
			}
		});
	}

	/**
	 * The kernel has no limit of its own for what waits in a socket that is connected to
	 * the sending one.
	 */
	@EachTransport
	void listenerWhenConnectedSenderTakesNoRepliesGoesOnReceiving(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo()).run((context) -> {
			Path own = this.directory.resolve("own");
			try (PeerProcess deaf = PeerProcess.python("deaf.py", own, this.application.socket(), MORE_THAN_A_BUFFER,
					"connect")) {
				Awaitility.await()
					.until(() -> PacketApplication.messages(context) == MORE_THAN_A_BUFFER
							&& PacketApplication.repliesDropped(context) > 0);
				deaf.kill();
			}
			assertThat(this.application.c("ask", "datagram", this.directory.resolve("other"), this.application.socket(),
					"next"))
				.isEqualTo("5 bytes 'next!' 0 descriptors");
		});
	}

	@EachTransport
	void listenerWhenConnectedSendersTakeNoRepliesRepliesToOthers(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.peers.handoff.path=" + this.application.socket(),
					"fdbroker.peers.handoff.reply-timeout=20s")
			.run((context) -> {
				try (PeerProcess one = deaf("one", MORE_THAN_A_BUFFER);
						PeerProcess other = deaf("other", MORE_THAN_A_BUFFER)) {
					assertReplies(context.getBean(FdBroker.class));
					assertThat(this.application.c("ask", "datagram", this.directory.resolve("own"),
							this.application.socket(), "next"))
						.isEqualTo("5 bytes 'next!' 0 descriptors");
					assertThat(PacketApplication.repliesDropped(context)).isPositive();
					assertThat(one.pid()).isNotEqualTo(other.pid());
				}
			});
	}

	@EachTransport
	void listenerWhenConnectedSenderAsksOnWithoutTakingRepliesRepliesToOthers(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.peers.handoff.path=" + this.application.socket(),
					"fdbroker.peers.handoff.reply-timeout=20s")
			.run((context) -> {
				try (PeerProcess deaf = PeerProcess.start(Peers.python("deaf.py", this.directory.resolve("deaf"),
						this.application.socket(), Integer.MAX_VALUE, "connect"))) {
					Awaitility.await().until(() -> PacketApplication.repliesDropped(context) > 0);
					assertReplies(context.getBean(FdBroker.class));
					deaf.kill();
				}
			});
	}

	private PeerProcess deaf(String name, int count) {
		return PeerProcess.python("deaf.py", this.directory.resolve(name), this.application.socket(), count, "connect");
	}

	private static void assertReplies(FdBroker broker) {
		for (int i = 0; i < 100; i++) {
			assertThat(broker.to("handoff").payload("question " + i).requestPayload(String.class))
				.isEqualTo("question " + i + "!");
		}
	}

	@EachTransport
	void brokerWhenItRequestsGetsReplyWithDescriptor(TransportMode transport) {
		this.application.broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess server = this.application.serve(this.application.socket(), 2);
					FileInputStream one = new FileInputStream(this.first.toFile());
					FdMessage reply = broker.to("handoff").payload("hello").descriptor(one).request()) {
				assertThat(reply.text()).isEqualTo("got hello");
				assertThat(text(reply.descriptor(0))).isEqualTo("one");
				assertThat(broker.to("handoff").payload("again").requestPayload(String.class)).isEqualTo("got again");
				assertThat(server.readLine()).startsWith("5 bytes 'hello' 1 descriptors");
			}
		});
	}

	@EachTransport
	void brokerWhenReceiverIsNotThereYetWaitsForIt(TransportMode transport) {
		this.application.broker(transport)
			.withPropertyValues("fdbroker.peers.handoff.connect-timeout=60s")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				Background<Boolean> sending = Background.run(() -> broker.to("handoff").payload("early").send())
					.awaitWaiting();
				try (PeerProcess receiver = this.application.serve(this.application.socket(), 1)) {
					assertThat(receiver.readLine()).isEqualTo("5 bytes 'early' 0 descriptors");
					assertThat(sending.get()).isTrue();
				}
			});
	}

	@EachTransport
	void brokerWhenReceiverWasReplacedSendsToTheNewOne(TransportMode transport) {
		this.application.broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			for (int i = 0; i < 3; i++) {
				try (PeerProcess receiver = this.application.serve(this.application.socket(), 1)) {
					broker.to("handoff").payload("to " + i).send();
					assertThat(receiver.readLine()).isEqualTo("4 bytes 'to " + i + "' 0 descriptors");
				}
				Files.delete(this.application.socket());
			}
		});
	}

	@EachTransport
	void brokerWhenMessageTooLongForTheSystemThrowsAndTheNextArrives(TransportMode transport) {
		this.application.broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess receiver = this.application.serve(this.application.socket(), 1)) {
				assertThatExceptionOfType(FdLimitException.class)
					.isThrownBy(() -> broker.to("handoff").payload(new byte[8_000_000]).send())
					.withMessageContaining("handoff")
					.withMessageContaining("8000000 bytes")
					.withMessageContaining("EMSGSIZE");
				broker.to("handoff").payload("next").send();
				assertThat(receiver.readLine()).isEqualTo("4 bytes 'next' 0 descriptors");
			}
		});
	}

	@EachTransport
	void brokerWhenPeerIsOfAnotherTypeSaysSo(TransportMode transport) {
		this.application.broker(transport).withPropertyValues("fdbroker.peers.handoff.type=stream").run((context) -> {
			try (PeerProcess receiver = this.application.serve(this.application.socket(), 1)) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> context.getBean(FdBroker.class).to("handoff").payload("x").send())
					.withMessageContaining("handoff")
					.withMessageContaining("another type than STREAM");
				assertThat(receiver.pid()).isPositive();
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
					assertThat(text(reply.descriptor(0))).isEqualTo("one");
				}
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").payload("fail").request())
					.withMessageContaining("as wanted");
			});
	}

	@EachTransport
	void listenerWhenMessageLongerThanLimitRefusesItWholeAndGoesOn(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		this.application.with(transport, recorder)
			.withPropertyValues("fdbroker.sockets.handoff.max-message-size=64B",
					"fdbroker.sockets.handoff.max-descriptors=1")
			.run((context) -> {
				this.application.c("send", "datagram", "-", this.application.socket(), "x".repeat(65), this.first);
				this.application.c("send", "datagram", "-", this.application.socket(), "two", this.first, this.second);
				this.application.c("send", "datagram", "-", this.application.socket(), "x".repeat(64), this.first);
				assertThat(recorder.next()).startsWith("'" + "x".repeat(64) + "' [one]");
				assertThat(PacketApplication.refusals(context, RejectionReason.LIMIT_EXCEEDED)).isEqualTo(2);
			});
	}

	@EachTransport
	void listenerWhenWhatComesIsNotOneFrameRefusesItAndGoesOn(TransportMode transport) {
		this.application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.format=frame")
			.run((context) -> {
				byte[] frame = frame();
				try (FdDatagramSocket sender = FdDatagramSocket.open("test", transport.select(),
						Duration.ofSeconds(10)); FileInputStream one = new FileInputStream(this.first.toFile())) {
					List<byte[]> bad = List.of(new byte[0], "FDBR".getBytes(StandardCharsets.US_ASCII),
							"garbage that is longer than a header".getBytes(StandardCharsets.US_ASCII),
							Arrays.copyOf(frame, frame.length - 1), Arrays.copyOf(frame, frame.length + 1),
							twice(frame));
					for (byte[] bytes : bad) {
						sender.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of(one.getFD()),
								UnixAddress.of(this.application.socket().toString()));
					}
					// A frame that announces no descriptor.
					sender.send(ByteBuffer.allocateDirect(frame.length).put(frame).flip(), List.of(one.getFD()),
							UnixAddress.of(this.application.socket().toString()));
					Awaitility.await()
						.untilAsserted(() -> assertThat(PacketApplication.refusals(context, RejectionReason.MALFORMED))
							.isEqualTo(bad.size() + 1));
				}
			});
	}

	@EachTransport
	void stopRepliesWhatHasComeAndRemovesTheFile(TransportMode transport) {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		this.application.with(transport, recorder).run((context) -> {
			this.application.c("send", "datagram", "-", this.application.socket(), "last", this.first);
			context.getBean(FdListenerRegistry.class).stop();
			assertThat(recorder.next()).startsWith("'last' [one]");
			assertThat(this.application.socket()).doesNotExist();
			assertThat(this.application.c("send", "datagram", "-", this.application.socket(), "late"))
				.isEqualTo("connect: ENOENT");
		});
	}

	@Test
	void listenerWhenPathIsServedFailsToStartAndStaleFileIsReplaced() {
		PacketApplication.Recorder recorder = new PacketApplication.Recorder();
		try (PeerProcess other = this.application.serve(this.application.socket(), 1)) {
			this.application.with(TransportMode.AUTO, recorder)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("handoff")
					.hasMessageContaining("is served by a process that receives datagrams"));
			this.application.with(TransportMode.AUTO, recorder)
				.withPropertyValues("fdbroker.sockets.handoff.type=stream")
				.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("another type"));
			assertThat(other.pid()).isPositive();
		}
		assertThat(this.application.socket()).exists();
		this.application.with(TransportMode.AUTO, recorder).run((context) -> {
			this.application.c("send", "datagram", "-", this.application.socket(), "x");
			assertThat(recorder.next()).startsWith("'x' []");
		});
	}

	@Test
	void listenerWhenSendTimeoutIsForEverFailsToStart() {
		this.application.with(TransportMode.AUTO, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.sockets.handoff.send-timeout=0")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("longer than zero"));
	}

	/**
	 * A request without descriptors, written by hand from the page on the wire format.
	 */
	private static byte[] frame() {
		return ByteBuffer.allocate(16 + 16 + 2)
			.put("FDBR".getBytes(StandardCharsets.US_ASCII))
			.put((byte) 1)
			.put((byte) 0)
			.putShort((short) 0)
			.putShort((short) 1)
			.putShort((short) 0)
			.putInt(16 + 2)
			.putInt(12 + 2)
			.put((byte) 1)
			.put((byte) 0)
			.putShort((short) 0)
			.putLong(0)
			.put("hi".getBytes(StandardCharsets.US_ASCII))
			.array();
	}

	/**
	 * How many datagrams a socket takes that nobody reads, see unix(7).
	 */
	private static int maxQueued() throws IOException {
		try (FileInputStream limit = new FileInputStream("/proc/sys/net/unix/max_dgram_qlen")) {
			// A sysctl has to be read in one call; Files.readString reads its first byte
			// alone.
			byte[] digits = new byte[16];
			return Integer.parseInt(new String(digits, 0, limit.read(digits), StandardCharsets.US_ASCII).trim()) + 1;
		}
	}

	private static byte[] twice(byte[] frame) {
		return ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
	}

	private static String text(OwnedFd descriptor) throws IOException {
		try (FileInputStream stream = descriptor.into(FileInputStream.class)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
