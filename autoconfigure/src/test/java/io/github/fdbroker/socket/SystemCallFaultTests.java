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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.FaultyCalls.Fault;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.VirtualThreads;

import static io.github.fdbroker.socket.FaultyCalls.after;
import static io.github.fdbroker.socket.FaultyCalls.cut;
import static io.github.fdbroker.socket.FaultyCalls.error;
import static io.github.fdbroker.socket.FaultyCalls.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThatCode;

/**
 * Whatever the kernel replies, no descriptor is lost, sent twice or left open, and what
 * can go on goes on.
 */
class SystemCallFaultTests {

	private static final int EIO = 5;

	private static final int EBADF = 9;

	private static final int EPIPE = 32;

	private static final int ECONNRESET = 104;

	/** See socket(7), on x86-64 and aarch64. */
	private static final int SO_PASSPIDFD = 76;

	private final FaultyCalls calls = new FaultyCalls();

	private final Transport transport = this.calls.transport();

	private List<FileDescriptor> files;

	private FdConnection sender;

	private FileDescriptor senderSocket;

	private MessageSocket receiver;

	private FdConnection receiving;

	@BeforeEach
	void open() throws IOException {
		this.files = IntStream.range(0, 3).mapToObj((i) -> OpenFiles.create("file " + i)).toList();
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		this.senderSocket = ends[0];
		this.sender = FdConnection.of("sender", ends[0], this.transport, MessageSocketSettings.stream(Duration.ZERO));
		FileDescriptor other = Kernel.calls().duplicate(ends[1]);
		this.receiving = FdConnection.of("receiver", other, this.transport,
				MessageSocketSettings.stream(Duration.ZERO));
		this.receiver = new NativeTransport().messageSocket(ends[1], MessageSocketSettings.stream(Duration.ZERO));
	}

	@AfterEach
	void close() {
		this.sender.close();
		this.receiving.close();
		this.receiver.close();
		Descriptors.close(this.files);
		assertThat(this.calls.isDone()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { Errno.EINTR, Errno.EAGAIN })
	void sendWhenInterruptedOrTooEarlySendsDescriptorsOnceAllTheSame(int errno) throws IOException {
		this.calls.onSend(error(errno), error(errno), error(errno));
		send("message");
		assertReceived("message", "file 0", "file 1", "file 2");
	}

	@ParameterizedTest
	@ValueSource(ints = { Errno.EINTR, Errno.EAGAIN })
	void receiveWhenInterruptedOrTooEarlyReceivesAllTheSame(int errno) {
		send("first");
		send("second");
		this.calls.onReceive(error(errno), error(errno));
		assertReceiving("first", "file 0", "file 1", "file 2");
		this.calls.onReceive(error(errno));
		assertReceiving("second", "file 0", "file 1", "file 2");
	}

	@Test
	void receiveForAWhileWhenInterruptedOrTooEarlyWaitsOn() {
		send("message");
		this.calls.onReceive(error(Errno.EINTR), error(Errno.EAGAIN));
		Received incoming = this.receiving.receive(ByteBuffer.allocateDirect(100), Duration.ofSeconds(20));
		assertThat(incoming).isNotNull();
		incoming.close();
	}

	/**
	 * Who shares the socket may have received what made it ready.
	 */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void receiveForAWhileWhenReadyForNothingEndsInTimeOnVirtualThread() throws Exception {
		this.calls.onReceive((real, socket, message, flags) -> {
			assertThat(real.call(socket, message, flags)).isEqualTo(1);
			return error(Errno.EAGAIN).call(real, socket, message, flags);
		});
		this.sender.send(MessageSocketPair.bytes("x"), List.of());
		FutureTask<Received> received = new FutureTask<>(
				() -> this.receiving.receive(ByteBuffer.allocateDirect(100), Duration.ofMillis(50)));
		VirtualThreads.start(received, "waiting");
		assertThat(received.get(20, TimeUnit.SECONDS)).isNull();
	}

	/**
	 * As systemd has it with PassPIDFD=, and accepted connections inherit it.
	 */
	@Test
	void receiveWhenSocketAsksForProcessesOfSendersLeavesNoDescriptorOfThem() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		NativeCalls system = new NativeCalls(LibcBinding.preferred().bind());
		assumeThatCode(() -> system.setOption(ends[1], SO_PASSPIDFD, 1)).doesNotThrowAnyException();
		long before = descriptors();
		try (FdConnection from = FdConnection.of("from", ends[0], this.transport,
				MessageSocketSettings.stream(Duration.ZERO));
				FdConnection to = FdConnection.of("to", ends[1], this.transport,
						MessageSocketSettings.stream(Duration.ZERO))) {
			from.send(MessageSocketPair.bytes("x"), this.files);
			Received incoming = to.receive(ByteBuffer.allocateDirect(10));
			assertThat(incoming.descriptors()).hasSize(3);
			incoming.close();
			assertThat(descriptors()).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 5 })
	void sendWhenWrittenInPartsSendsDescriptorsWithTheFirstPartOnly(int part) throws IOException {
		this.calls.onSend(cut(part), error(Errno.EINTR), cut(1), error(Errno.EAGAIN));
		send("message");
		assertReceived("message".substring(0, part), "file 0", "file 1", "file 2");
		assertReceived("message".substring(part));
	}

	@ParameterizedTest
	@ValueSource(ints = { Errno.ETOOMANYREFS, Errno.ENOBUFS, Errno.ENOMEM })
	void sendWhenSystemHasNoRoomAtPresentThrowsAndTheConnectionGoesOn(int errno) throws IOException {
		this.calls.onSend(error(errno));
		assertThatExceptionOfType(FdLimitException.class).isThrownBy(() -> send("refused"))
			.withMessageContaining("try again");
		assertThat(this.senderSocket.valid()).isTrue();
		send("again");
		assertReceived("again", "file 0", "file 1", "file 2");
	}

	@ParameterizedTest
	@ValueSource(ints = { Errno.ETOOMANYREFS, Errno.ENOBUFS, Errno.ENOMEM, EPIPE })
	void sendWhenRefusedInTheMiddleOfMessageSendsNothingMore(int errno) throws IOException {
		this.calls.onSend(cut(3), error(errno));
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> send("message"))
			.withMessageContaining("in the middle of a message")
			.matches((ex) -> !ex.isNothingSent());
		assertReceived("mes", "file 0", "file 1", "file 2");
		assertReceivesOnly();
	}

	@ParameterizedTest
	@ValueSource(ints = { EPIPE, ECONNRESET, EIO, EBADF })
	void sendWhenConnectionBrokenTellsThatNothingWasSentAndSendsNothingMore(int errno) throws IOException {
		this.calls.onSend(error(errno));
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> send("message"))
			.withMessageContaining("errno " + errno)
			.matches(FdConnectException::isNothingSent);
		assertReceivesOnly();
	}

	@ParameterizedTest
	@ValueSource(ints = { ECONNRESET, Errno.ENOMEM, Errno.ENOBUFS, EIO })
	void receiveWhenCallFailsAfterOneThatBroughtDescriptorsClosesNoneOfThem(int errno) {
		send("message");
		List<DescriptorHandle> received = this.receiving.receive(ByteBuffer.allocateDirect(10)).descriptors();
		this.calls.onReceive(error(errno));
		assertThatExceptionOfType(FdConnectException.class)
			.isThrownBy(() -> this.receiving.receive(ByteBuffer.allocateDirect(10)))
			.withMessageContaining("errno " + errno);
		assertThat(received).hasSize(3).allMatch(DescriptorHandle::isOpen);
		assertThat(contents(received)).containsExactly("file 0", "file 1", "file 2");
		received.forEach(DescriptorHandle::close);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 15, 16, 20, 24 })
	void receiveWhenControlDataTruncatedThrowsAndLeavesNothingOpen(int controlBytes) {
		send("message");
		this.calls.onReceive(truncated(controlBytes));
		assertThatExceptionOfType(FdProtocolException.class)
			.isThrownBy(() -> this.receiving.receive(ByteBuffer.allocateDirect(10)))
			.withMessageContaining("descriptors were lost");
	}

	@Test
	void receiveWhenReadInPartsHasDescriptorsWithTheFirstPartOnly() {
		send("message");
		this.calls.onReceive(cut(1), error(Errno.EINTR), cut(2));
		assertReceiving("m", "file 0", "file 1", "file 2");
		assertReceiving("es");
		assertReceiving("sage");
	}

	@Test
	void sendWhenFaultsOfAllKindsComeLosesAndRepeatsNothing() throws Exception {
		int messages = 500;
		Fault[] faults = new Fault[2000];
		for (int i = 0; i < faults.length; i++) {
			faults[i] = switch (i % 7) {
				case 0, 3 -> error(Errno.EINTR);
				case 1 -> error(Errno.EAGAIN);
				case 2 -> error(Errno.ENOBUFS);
				case 4 -> cut(1 + i % 5);
				default -> after(() -> {
				});
			};
		}
		this.calls.onSend(faults);
		Background<Boolean> sending = Background.run(() -> {
			for (int i = 0; i < messages; i++) {
				sendPatiently("%08d".formatted(i), this.files.get(i % 3));
			}
			this.calls.discard();
			this.sender.close();
		});
		StringBuilder text = new StringBuilder();
		StringBuilder contents = new StringBuilder();
		Arrival received = MessageSocketPair.receive(this.receiver, 8);
		while (received.text() != null) {
			text.append(received.text());
			received.contents().forEach(contents::append);
			received.close();
			received = MessageSocketPair.receive(this.receiver, 8);
		}
		assertThat(sending.get()).isTrue();
		IntStream.range(0, messages).forEach((i) -> {
			assertThat(text.substring(8 * i, 8 * i + 8)).isEqualTo("%08d".formatted(i));
			assertThat(contents.substring(6 * i, 6 * i + 6)).isEqualTo("file " + i % 3);
		});
		assertThat(text).hasSize(8 * messages);
		assertThat(contents).hasSize(6 * messages);
	}

	@Test
	void closeWhenCallIsUnderWayWakesItAndFreesTheNumberOnlyAfterIt() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch closed = new CountDownLatch(1);
		AtomicBoolean openUntilTheEnd = new AtomicBoolean();
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		int number = Descriptors.number(ends[0]);
		this.calls.onReceive((real, socket, message, flags) -> {
			entered.countDown();
			long result = real.call(socket, message, flags);
			await(closed);
			openUntilTheEnd.set(OpenFiles.isOpen(number));
			return result;
		});
		FdConnection connection = FdConnection.of("closed", ends[0], this.transport,
				MessageSocketSettings.stream(Duration.ZERO));
		Background<Boolean> end = Background.call(() -> connection.receive(ByteBuffer.allocateDirect(10)).isEnd());
		entered.await();
		connection.close();
		closed.countDown();
		assertThat(end.get()).isTrue();
		assertThat(openUntilTheEnd).isTrue();
		assertThat(OpenFiles.isOpen(number)).isFalse();
		Descriptors.close(ends[1]);
	}

	/**
	 * The sender's half of the connection has ended, and the other one goes on.
	 */
	private void assertReceivesOnly() throws IOException {
		assertThat(MessageSocketPair.receive(this.receiver, 10).text()).isNull();
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> send("next"));
		this.receiver.send(MessageSocketPair.bytes("reason"), List.of());
		ByteBuffer reply = ByteBuffer.allocateDirect(10);
		this.sender.receive(reply).close();
		assertThat(reply.position()).isEqualTo("reason".length());
	}

	private void send(String text) {
		this.sender.send(MessageSocketPair.bytes(text), this.files);
	}

	private void sendPatiently(String text, FileDescriptor file) {
		while (true) {
			try {
				this.sender.send(MessageSocketPair.bytes(text), Collections.singletonList(file));
				return;
			}
			catch (FdLimitException ex) {
				// Try again, as it says.
			}
		}
	}

	private void assertReceiving(String text, String... contents) {
		ByteBuffer into = ByteBuffer.allocateDirect(10);
		Received incoming = this.receiving.receive(into);
		assertThat(StandardCharsets.US_ASCII.decode(into.flip()).toString()).isEqualTo(text);
		assertThat(contents(incoming.descriptors())).containsExactly(contents);
		incoming.close();
	}

	private static List<String> contents(List<DescriptorHandle> descriptors) {
		return descriptors.stream().map((descriptor) -> {
			try {
				return OpenFiles.content(descriptor.acquire());
			}
			finally {
				descriptor.release();
			}
		}).toList();
	}

	private void assertReceived(String text, String... contents) throws IOException {
		try (Arrival received = MessageSocketPair.receive(this.receiver, 10)) {
			assertThat(received.text()).isEqualTo(text);
			assertThat(received.contents()).containsExactly(contents);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new FdException("Interrupted", ex);
		}
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.count();
		}
	}

}
