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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.springframework.messaging.handler.annotation.Header;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Datagram sockets with a peer in C: access rights as in 4.3BSD, a sender without an
 * address and a relative path, and UNP's {@code write_fd} and {@code read_fd}.
 */
class DatagramPeerTests {

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
	void listenerWhenBoundSenderPassesRightsWithoutDataGetsThemAndTheAddress(TransportMode transport) {
		Recorder recorder = new Recorder();
		Path own = this.directory.resolve("process_b");
		with(transport, recorder).run((context) -> {
			c("send", "datagram", own, socket(), "NUL", this.first);
			Files.delete(own);
			c("send", "datagram", own, socket(), "NUL", this.first, this.second, this.first);
			assertThat(recorder.next()).isEqualTo("'' [one] from " + own);
			assertThat(recorder.next()).isEqualTo("'' [one, two, one] from " + own);
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenSenderHasNoAddressGetsRightsWithoutOne(TransportMode transport) {
		Recorder recorder = new Recorder();
		with(transport, recorder).withPropertyValues("fdbroker.sockets.handoff.path=process_a").run((context) -> {
			c("send", "datagram", "-", this.directory.resolve("process_a"), "NUL", this.first);
			assertThat(recorder.next()).startsWith("'' [one] from null");
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerSendsRightsWithoutDataToBoundReceiver(TransportMode transport) {
		broker(transport).withPropertyValues("fdbroker.peers.handoff.path=process_a").run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess receiver = serve(this.directory.resolve("process_a"), 3);
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

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerAndBrokerWhenPeerIsWriteFdAndReadFdPassPayloadWithAndWithoutDescriptor(TransportMode transport) {
		Recorder recorder = new Recorder();
		Path there = this.directory.resolve("there");
		with(transport, recorder).withPropertyValues("fdbroker.peers.handoff.path=" + there).run((context) -> {
			c("write_fd", socket(), "x", this.first);
			c("write_fd", socket(), "no descriptor");
			assertThat(recorder.next()).startsWith("'x' [one]");
			assertThat(recorder.next()).startsWith("'no descriptor' []");
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess reader = PeerProcess.startReady(Peers.compiled(C, "read_fd", there));
					FileInputStream one = new FileInputStream(this.first.toFile())) {
				broker.to("handoff").payload("y").descriptor(one).send();
				broker.to("handoff").payload("z").send();
				assertThat(reader.readLine()).isEqualTo("'y' [one]");
				assertThat(reader.readLine()).isEqualTo("'z' -1");
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenItReturnsSomethingRepliesTheSendersAddress(TransportMode transport) {
		with(transport, new Echo()).run((context) -> {
			Path own = this.directory.resolve("own");
			assertThat(c("ask", "datagram", own, socket(), "hello", this.first))
				.isEqualTo("6 bytes 'hello!' 1 descriptors [one]");
			Files.delete(own);
			assertThat(c("ask", "datagram", own, socket(), "NUL", this.second))
				.isEqualTo("1 bytes '!' 1 descriptors [two]");
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenSenderCannotBeAnsweredGoesOn(TransportMode transport) {
		with(transport, new Echo()).run((context) -> {
			c("send", "datagram", "-", socket(), "dropped", this.first);
			assertThat(c("ask", "datagram", this.directory.resolve("own"), socket(), "next"))
				.isEqualTo("5 bytes 'next!' 0 descriptors");
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenSenderTakesNoRepliesGoesOnAfterSendTimeout(TransportMode transport) {
		with(transport, new Echo()).withPropertyValues("fdbroker.sockets.handoff.send-timeout=50ms").run((context) -> {
			Path own = this.directory.resolve("own");
			try (PeerProcess deaf = PeerProcess.python("deaf.py", own, socket(), maxQueued() + 5)) {
				assertThat(c("ask", "datagram", this.directory.resolve("other"), socket(), "next"))
					.isEqualTo("5 bytes 'next!' 0 descriptors");
				assertThat(deaf.pid()).isPositive();
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenItRequestsGetsReplyWithDescriptor(TransportMode transport) {
		broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess server = serve(socket(), 2);
					FileInputStream one = new FileInputStream(this.first.toFile());
					FdMessage reply = broker.to("handoff").payload("hello").descriptor(one).request()) {
				assertThat(reply.text()).isEqualTo("got hello");
				assertThat(text(reply.descriptor(0))).isEqualTo("one");
				assertThat(broker.to("handoff").payload("again").request(String.class)).isEqualTo("got again");
				assertThat(server.readLine()).startsWith("5 bytes 'hello' 1 descriptors");
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenReceiverIsNotThereYetWaitsForIt(TransportMode transport) {
		broker(transport).withPropertyValues("fdbroker.peers.handoff.connect-timeout=60s").run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			Background<Boolean> sending = Background.run(() -> broker.to("handoff").payload("early").send())
				.awaitWaiting();
			try (PeerProcess receiver = serve(socket(), 1)) {
				assertThat(receiver.readLine()).isEqualTo("5 bytes 'early' 0 descriptors");
				assertThat(sending.get()).isTrue();
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenReceiverWasReplacedSendsToTheNewOne(TransportMode transport) {
		broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			for (int i = 0; i < 3; i++) {
				try (PeerProcess receiver = serve(socket(), 1)) {
					broker.to("handoff").payload("to " + i).send();
					assertThat(receiver.readLine()).isEqualTo("4 bytes 'to " + i + "' 0 descriptors");
				}
				Files.delete(socket());
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenMessageTooLongForTheSystemThrowsAndTheNextArrives(TransportMode transport) {
		broker(transport).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess receiver = serve(socket(), 1)) {
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

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void brokerWhenPeerIsOfAnotherTypeSaysSo(TransportMode transport) {
		broker(transport).withPropertyValues("fdbroker.peers.handoff.type=stream").run((context) -> {
			try (PeerProcess receiver = serve(socket(), 1)) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> context.getBean(FdBroker.class).to("handoff").payload("x").send())
					.withMessageContaining("handoff")
					.withMessageContaining("another type than STREAM");
				assertThat(receiver.pid()).isPositive();
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
					assertThat(text(reply.descriptor(0))).isEqualTo("one");
				}
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").payload("fail").request())
					.withMessageContaining("as wanted");
			});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenMessageLongerThanLimitRefusesItWholeAndGoesOn(TransportMode transport) {
		Recorder recorder = new Recorder();
		with(transport, recorder)
			.withPropertyValues("fdbroker.sockets.handoff.max-message-size=64B",
					"fdbroker.sockets.handoff.max-descriptors=1")
			.run((context) -> {
				c("send", "datagram", "-", socket(), "x".repeat(65), this.first);
				c("send", "datagram", "-", socket(), "two", this.first, this.second);
				c("send", "datagram", "-", socket(), "x".repeat(64), this.first);
				assertThat(recorder.next()).startsWith("'" + "x".repeat(64) + "' [one]");
				assertThat(refusals(context, RejectionReason.LIMIT_EXCEEDED)).isEqualTo(2);
			});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void listenerWhenWhatComesIsNotOneFrameRefusesItAndGoesOn(TransportMode transport) {
		with(transport, new Echo()).withPropertyValues("fdbroker.sockets.handoff.format=frame").run((context) -> {
			byte[] frame = frame();
			try (FdDatagramSocket sender = FdDatagramSocket.open("test", transport.select(), Duration.ofSeconds(10));
					FileInputStream one = new FileInputStream(this.first.toFile())) {
				List<byte[]> bad = List.of(new byte[0], "FDBR".getBytes(StandardCharsets.US_ASCII),
						"garbage that is longer than a header".getBytes(StandardCharsets.US_ASCII),
						Arrays.copyOf(frame, frame.length - 1), Arrays.copyOf(frame, frame.length + 1), twice(frame));
				for (byte[] bytes : bad) {
					sender.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of(one.getFD()),
							UnixAddress.of(socket().toString()));
				}
				// A frame that announces no descriptor.
				sender.send(ByteBuffer.allocateDirect(frame.length).put(frame).flip(), List.of(one.getFD()),
						UnixAddress.of(socket().toString()));
				Awaitility.await()
					.untilAsserted(
							() -> assertThat(refusals(context, RejectionReason.MALFORMED)).isEqualTo(bad.size() + 1));
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void stopRepliesWhatHasComeAndRemovesTheFile(TransportMode transport) {
		Recorder recorder = new Recorder();
		with(transport, recorder).run((context) -> {
			c("send", "datagram", "-", socket(), "last", this.first);
			context.getBean(FdListenerRegistry.class).stop();
			assertThat(recorder.next()).startsWith("'last' [one]");
			assertThat(socket()).doesNotExist();
			assertThat(c("send", "datagram", "-", socket(), "late")).isEqualTo("connect: ENOENT");
		});
	}

	@Test
	void listenerWhenPathIsServedFailsToStartAndStaleFileIsReplaced() {
		Recorder recorder = new Recorder();
		try (PeerProcess other = serve(socket(), 1)) {
			with(TransportMode.AUTO, recorder).run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("handoff")
				.hasMessageContaining("is served by a process that receives datagrams"));
			with(TransportMode.AUTO, recorder).withPropertyValues("fdbroker.sockets.handoff.type=stream")
				.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("another type"));
			assertThat(other.pid()).isPositive();
		}
		assertThat(socket()).exists();
		with(TransportMode.AUTO, recorder).run((context) -> {
			c("send", "datagram", "-", socket(), "x");
			assertThat(recorder.next()).startsWith("'x' []");
		});
	}

	@Test
	void listenerWhenSendTimeoutIsForEverFailsToStart() {
		with(TransportMode.AUTO, new Echo()).withPropertyValues("fdbroker.sockets.handoff.send-timeout=0")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("longer than nothing"));
	}

	private Path socket() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private PeerProcess serve(Path path, int count) {
		return PeerProcess.startReady(Peers.compiled(C, "serve", "datagram", path, count));
	}

	private static String c(Object... arguments) {
		return Peers.runCompiled(C, arguments).output().trim();
	}

	private <T> ApplicationContextRunner with(TransportMode transport, T listener) {
		Transports.assumeAvailable(transport);
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		return datagrams(TestApplication.with(this.directory, type, listener), transport);
	}

	private ApplicationContextRunner broker(TransportMode transport) {
		Transports.assumeAvailable(transport);
		return datagrams(TestApplication.withoutListener(this.directory), transport);
	}

	private static ApplicationContextRunner datagrams(ApplicationContextRunner runner, TransportMode transport) {
		return runner.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=datagram",
				"fdbroker.peers.handoff.type=datagram", "fdbroker.sockets.handoff.format=raw",
				"fdbroker.peers.handoff.format=raw");
	}

	private static long refusals(AssertableApplicationContext context, RejectionReason reason) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next().counters().refusals(reason);
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
		return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/unix/max_dgram_qlen")).trim()) + 1;
	}

	private static byte[] twice(byte[] frame) {
		return ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
	}

	private static String text(OwnedFd descriptor) throws IOException {
		try (FileInputStream stream = descriptor.into(FileInputStream.class)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	static class Recorder {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message,
				@Header(name = FdHeaders.SENDER_ADDRESS, required = false) @Nullable String address)
				throws IOException {
			List<String> contents = new ArrayList<>();
			for (OwnedFd descriptor : message.descriptors()) {
				// The offset of an open file description is shared.
				contents.add(Files.readString(Path.of("/dev/fd/" + descriptor.number())));
			}
			this.received.add("'" + message.text() + "' " + contents + " from " + address);
		}

		String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

	}

	static class Echo {

		@FdListener(TestApplication.SOCKET)
		FdMessage handle(FdMessage message) {
			if (message.text().equals("fail")) {
				throw new IllegalArgumentException("as wanted");
			}
			FdMessage.Builder reply = FdMessage.builder().payload(message.text() + "!");
			message.descriptors().forEach((descriptor) -> reply.descriptor(descriptor.dup()));
			return reply.build();
		}

	}

}
