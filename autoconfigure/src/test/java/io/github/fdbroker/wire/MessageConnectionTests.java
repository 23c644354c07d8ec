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

package io.github.fdbroker.wire;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.SocketPairs;
import io.github.fdbroker.testsupport.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageConnection} over real sockets.
 */
class MessageConnectionTests {

	private static final int MAX_BYTES = 8 * 1024 * 1024;

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final Duration SHORT = Duration.ofMillis(50);

	private final FdConverters converters = new FdConverters(List.of());

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private FdConnection peer;

	private FdConnection own;

	@BeforeEach
	void connect() throws IOException {
		FdConnection[] ends = SocketPairs.connect(Duration.ofSeconds(30));
		this.peer = ends[0];
		this.own = ends[1];
	}

	@AfterEach
	void close() {
		this.peer.close();
		this.own.close();
		this.executor.shutdownNow();
	}

	@Test
	void receiveWhenPeerSendsYieldsMessageAndDescriptor() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			sender().send(message("content", file.getFD()));
		}
		try (FdMessage message = receive(receiver(LONG, null))) {
			assertThat(message.text()).isEqualTo("content");
			assertThat(message.descriptor(0).kind()).hasToString("a character device, open for reading");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 4079, 4080, 4081, 65536, 300_000, 5_000_000 })
	void receiveWhenMessageIsLargeYieldsItWithItsDescriptors(int size) throws Exception {
		byte[] payload = new byte[size];
		new Random(size).nextBytes(payload);
		MessageConnection receiver = receiver(LONG, null);
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			Future<?> sent = this.executor.submit(() -> {
				MessageConnection sender = sender();
				for (int i = 0; i < 3; i++) {
					sender.send(message(payload, file.getFD()));
				}
				return null;
			});
			for (int i = 0; i < 3; i++) {
				try (FdMessage message = receive(receiver)) {
					assertThat((byte[]) message.payload()).isEqualTo(payload);
					assertThat(message.descriptors()).hasSize(1);
				}
			}
			sent.get();
		}
	}

	@Test
	void sendWhenManyThreadsNeverInterleaves() throws Exception {
		int threads = 8;
		int messages = 200;
		MessageConnection sender = sender();
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			List<Future<?>> sends = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				char mark = (char) ('a' + i);
				sends.add(this.executor.submit(() -> {
					for (int n = 0; n < messages; n++) {
						String text = String.valueOf(mark).repeat(1 + n * 97 % 9000);
						OutgoingMessage message = (n % 2 == 0) ? message(text, file.getFD()) : message(text);
						sender.send(message);
					}
					return null;
				}));
			}
			assertInOrder(receiver(LONG, null), threads * messages);
			for (Future<?> send : sends) {
				send.get();
			}
		}
	}

	private static void assertInOrder(MessageConnection receiver, int messages) {
		Map<Character, Integer> next = new HashMap<>();
		for (int i = 0; i < messages; i++) {
			try (FdMessage message = receive(receiver)) {
				String text = message.text();
				int n = next.merge(text.charAt(0), 1, Integer::sum) - 1;
				assertThat(text).isEqualTo(text.substring(0, 1).repeat(1 + n * 97 % 9000));
				assertThat(message.attachments()).hasSize((n % 2 == 0) ? 1 : 0);
			}
		}
	}

	@Test
	void receiveWhenRestOfMessageDoesNotComeTimesOutFromFirstByte() {
		byte[] frame = ByteStream.encode(message("x".repeat(2000)));
		MessageConnection receiver = receiver(SHORT, null);
		Future<?> dripping = this.executor.submit(() -> {
			for (byte value : frame) {
				// Each byte by itself comes in time.
				Thread.sleep(10);
				send(value);
			}
			return null;
		});
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(receiver::receive)
			.withMessageContaining("The rest of a message did not arrive within 50 ms, see test.message-timeout");
		assertThat(dripping).isNotDone();
		dripping.cancel(true);
	}

	@Test
	void receiveWhenNothingComesTimesOutAsIdle() {
		MessageConnection receiver = receiver(LONG, SHORT);
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(receiver::receive)
			.withMessageContaining("Received no message for 50 ms, see test.idle-timeout");
	}

	@Test
	void receiveWhenMessageHasBegunDoesNotTimeOutAsIdle() {
		send(Arrays.copyOf(ByteStream.encode(message("x")), 5));
		MessageConnection receiver = receiver(Duration.ofMillis(51), Duration.ofMillis(1));
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(receiver::receive)
			.withMessageContaining("within 51 ms");
	}

	@Test
	void receiveWhenOwnTimeoutPassesNamesNoProperty() {
		MessageConnection receiver = receiver(LONG, null);
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> receiver.receive(SHORT))
			.withMessageEndingWith("Received no message in time");
		send((byte) 'F');
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> receiver.receive(SHORT))
			.withMessageEndingWith("A message was not complete in time; expected the rest of a frame");
	}

	@Test
	void receiveWhenOwnTimeoutIsLongerThanMessageTimeoutNamesProperty() {
		send((byte) 'F');
		MessageConnection receiver = receiver(SHORT, null);
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> receiver.receive(LONG))
			.withMessageContaining("see test.message-timeout");
	}

	@Test
	void receiveWhenMessageCameInTimeForgetsItsDeadline() {
		MessageConnection receiver = receiver(LONG, null);
		byte[] frame = ByteStream.encode(message("x"));
		send(Arrays.copyOf(frame, 7));
		Future<Envelope> first = this.executor.submit(() -> receiver.receive());
		send(Arrays.copyOfRange(frame, 7, frame.length));
		assertThat(first).succeedsWithin(LONG);
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> receiver.receive(SHORT))
			.withMessageEndingWith("Received no message in time");
	}

	@Test
	void receiveWhenStreamEndsBetweenMessagesYieldsNull() {
		send(ByteStream.encode(message("last")));
		this.peer.close();
		MessageConnection receiver = receiver(LONG, null);
		assertThat(receive(receiver).text()).isEqualTo("last");
		assertThat(receiver.receive()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 15, 16, 20 })
	void receiveWhenStreamEndsInMessageThrows(int bytes) {
		send(Arrays.copyOf(ByteStream.encode(message("cut off")), bytes));
		this.peer.close();
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(receiver(LONG, null)::receive)
			.withMessageContaining("ended in the middle of a message");
	}

	@Test
	void closeWhenDescriptorsWereNotDeliveredClosesThem() throws IOException {
		byte[] frame = ByteStream.encode(message("1", "fd"), message("2", "fd"));
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			this.peer.send(direct(frame), List.of(file.getFD(), file.getFD()));
			this.peer.send(direct(Arrays.copyOf(ByteStream.encode(message("3", "fd")), 20)), List.of(file.getFD()));
		}
		MessageConnection receiver = receiver(LONG, null);
		receive(receiver).close();
		receiver.receive().message().close();
		assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> receiver.receive(SHORT));
		receiver.close();
	}

	@Test
	void closeWhenMessagesWereNotFetchedClosesTheirDescriptors() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			this.peer.send(direct(ByteStream.encode(message("1", "fd"), message("2", "fd"))),
					List.of(file.getFD(), file.getFD()));
		}
		MessageConnection receiver = receiver(LONG, null);
		receive(receiver).close();
		receiver.close();
	}

	@Test
	void receiveWhenDescriptorsAreStrayRefusesAndClosesThem() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			this.peer.send(direct(ByteStream.encode(message("none"))), List.of(file.getFD()));
		}
		MessageConnection receiver = receiver(LONG, null);
		assertThatExceptionOfType(FdProtocolException.class).isThrownBy(receiver::receive);
		receiver.close();
	}

	@Test
	void receiveWhenFrameIsMalformedYieldsThoseInFrontOfIt() throws IOException {
		byte[] frames = (new String(ByteStream.encode(message("one")), StandardCharsets.ISO_8859_1)
				+ new String(ByteStream.encode(message("two")), StandardCharsets.ISO_8859_1) + "GET / HTTP/1.1\r\n")
			.getBytes(StandardCharsets.ISO_8859_1);
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			this.peer.send(direct(frames), List.of(file.getFD()));
		}
		MessageConnection receiver = receiver(LONG, null);
		assertThat(receive(receiver).text()).isEqualTo("one");
		assertThat(receive(receiver).text()).isEqualTo("two");
		assertThatExceptionOfType(FdProtocolException.class).isThrownBy(receiver::receive)
			.withMessageStartingWith(this.own + ": A frame begins with the bytes 'FDBR'");
		receiver.close();
	}

	@Test
	void shutdownWhenReceivingWakesWithEndOfStream() throws Exception {
		MessageConnection receiver = receiver(LONG, null);
		CountDownLatch started = new CountDownLatch(1);
		Future<Envelope> received = this.executor.submit(() -> {
			started.countDown();
			return receiver.receive();
		});
		started.await();
		receiver.shutdown();
		assertThat(received).succeedsWithin(LONG).isNull();
	}

	@Test
	void sendWhenEncodingFailsLeavesConnectionUsable() {
		MessageConnection sender = sender();
		OutgoingMessage tooLong = ByteStream.oneWay(OutgoingFdMessage.builder().header("h", "x".repeat(70_000)));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> sender.send(tooLong));
		sender.send(message("fine"));
		assertThat(receive(receiver(LONG, null)).text()).isEqualTo("fine");
	}

	@Test
	void sendWhenNothingToWriteOnStreamWritesNulThatCarriesDescriptors() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			OutgoingMessage empty = message(new byte[0], file.getFD());
			new MessageConnection(this.peer, new RawFormat(), limits(LONG, null), DescriptorDemand.TAKES_DESCRIPTORS,
					this.converters)
				.send(empty);
		}
		ByteBuffer into = ByteBuffer.allocateDirect(10);
		Received incoming = this.own.receive(into);
		incoming.close();
		assertThat(incoming.descriptors()).hasSize(1);
		assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[1]));
	}

	@Test
	void receiveWhenNothingComesHoldsNoBufferForAWholeMessage() throws Exception {
		BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.findFirst()
			.orElseThrow();
		MessageConnection receiver = new MessageConnection(this.own, new RawFormat(), limits(LONG, null),
				DescriptorDemand.TAKES_DESCRIPTORS, this.converters);
		long before = direct.getMemoryUsed();
		Background<Envelope> first = Background.call(receiver::receive).awaitInKernel();
		assertThat(direct.getMemoryUsed() - before).isLessThan(MAX_BYTES / 8);
		this.peer.send(direct("first".getBytes()), List.of());
		assertThat(first.get().message().text()).isEqualTo("first");
		Background<Envelope> second = Background.call(receiver::receive);
		Awaitility.await().until(() -> {
			System.gc();
			return direct.getMemoryUsed() - before < MAX_BYTES / 8;
		});
		this.peer.send(direct("second".getBytes()), List.of());
		assertThat(second.get().message().text()).isEqualTo("second");
	}

	private MessageConnection sender() {
		return new MessageConnection(this.peer, new FrameFormat(), limits(LONG, null),
				DescriptorDemand.TAKES_DESCRIPTORS, this.converters);
	}

	private MessageConnection receiver(Duration messageTimeout, Duration idleTimeout) {
		return new MessageConnection(this.own, new FrameFormat(), limits(messageTimeout, idleTimeout),
				DescriptorDemand.TAKES_DESCRIPTORS, this.converters);
	}

	private static WireLimits limits(Duration messageTimeout, Duration idleTimeout) {
		return new WireLimits("test", MAX_BYTES, 16, messageTimeout, idleTimeout);
	}

	private void send(byte... bytes) {
		this.peer.send(direct(bytes), List.<FileDescriptor>of());
	}

	private static FdMessage receive(MessageConnection receiver) {
		Envelope envelope = receiver.receive();
		assertThat(envelope).isNotNull();
		return envelope.message();
	}

	private static OutgoingMessage message(Object payload, Object... descriptors) {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder()
			.payload((payload instanceof String text) ? text.getBytes() : payload);
		Arrays.stream(descriptors).forEach(message::descriptor);
		return ByteStream.oneWay(message);
	}

	private static ByteBuffer direct(byte[] bytes) {
		return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
	}

}
