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
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A peer that reads slowly loses no descriptor and gets none twice.
 */
interface BackPressureContract extends TransportContract {

	int MESSAGES = 500;

	/** Few enough per read that a message takes several. */
	int READ = 256;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void sendWhenPeerReadsSlowlyLosesNoDescriptor(boolean blocking) throws Exception {
		slowPeer(blocking, (sender) -> start(sender, "slow-sender"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@EnabledForJreRange(min = JRE.JAVA_21)
	default void sendWhenPeerReadsSlowlyAndThreadIsVirtualLosesNoDescriptor(boolean blocking) throws Exception {
		slowPeer(blocking, (sender) -> VirtualThreads.start(sender, "slow-sender"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void sendWhenTakenInPartsSendsDescriptorsWithTheFirstOnly(boolean blocking) throws Exception {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		Descriptors.configureBlocking(ends[0], blocking);
		FileDescriptor file = OpenFiles.create("content");
		MessageSocket receiver = transport().messageSocket(ends[1], Duration.ZERO);
		try (FdConnection connection = FdConnection.of("test", ends[0], transport(),
				MessageSocketSettings.stream(Duration.ZERO))) {
			int size = 2_000_000;
			FutureTask<Void> sending = new FutureTask<>(
					() -> connection.send(ByteBuffer.allocateDirect(size), List.of(file, file)), null);
			start(sending, "send-parts");
			List<Integer> counts = new ArrayList<>();
			for (int got = 0; got < size;) {
				try (Arrival received = MessageSocketPair.receive(receiver, size)) {
					counts.add(received.descriptors().size());
					got += received.text().length();
				}
			}
			sending.get();
			assertThat(counts).hasSizeGreaterThan(1).startsWith(2);
			assertThat(counts.subList(1, counts.size())).containsOnly(0);
		}
		finally {
			receiver.close();
			Descriptors.close(file);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void sendWhenPeerTakesNothingTimesOut(boolean blocking) throws IOException {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport(), Duration.ofMillis(50))) {
			Descriptors.configureBlocking(pair.senderSocket(), blocking);
			AtomicInteger sent = new AtomicInteger();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
				while (true) {
					pair.send("x".repeat(1000), file);
					sent.incrementAndGet();
				}
			});
			pair.sender().close();
			List<Arrival> received = pair.receiveAll(1000);
			received.forEach(Arrival::close);
			assertThat(received).hasSize(sent.get()).allMatch((one) -> one.descriptors().size() == 1);
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void sendWhenTimedOutClosesConnection() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		try (FdConnection connection = FdConnection.of("test", ends[0], transport(),
				MessageSocketSettings.stream(Duration.ofMillis(50)))) {
			ByteBuffer big = ByteBuffer.allocateDirect(2_000_000);
			assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> connection.send(big, List.of()))
				.withMessageContaining("took nothing for 50 ms");
			assertThat(ends[0].valid()).isFalse();
		}
		finally {
			Descriptors.close(ends[1]);
		}
	}

	private void slowPeer(boolean blocking, Starter starter) throws Exception {
		List<FileDescriptor> files = IntStream.range(0, MESSAGES)
			.mapToObj((i) -> OpenFiles.create("file " + i))
			.toList();
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			Descriptors.configureBlocking(pair.senderSocket(), blocking);
			AtomicInteger sent = new AtomicInteger();
			FutureTask<Void> sending = new FutureTask<>(() -> {
				for (FileDescriptor file : files) {
					pair.send("x".repeat(1000), file);
					sent.incrementAndGet();
				}
				pair.sender().close();
				return null;
			});
			starter.start(sending);
			List<String> contents = new ArrayList<>();
			Arrival received = awaitFull(pair, sent, contents);
			while (received.text() != null) {
				contents.addAll(received.contents());
				received.close();
				received = awaitFull(pair, sent, contents);
			}
			sending.get();
			assertThat(contents).isEqualTo(files.stream().map(OpenFiles::content).toList());
		}
		finally {
			Descriptors.close(files);
		}
	}

	/**
	 * Receive, every now and then not before the sender finds no more room.
	 */
	private static Arrival awaitFull(MessageSocketPair pair, AtomicInteger sent, List<String> contents)
			throws IOException {
		if (contents.size() % 50 == 0) {
			AtomicInteger before = new AtomicInteger(-1);
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(2))
				.until(() -> before.getAndSet(sent.get()) == sent.get());
		}
		return pair.receive(READ);
	}

	/**
	 * Starts a thread.
	 */
	interface Starter {

		Thread start(Runnable task);

	}

}
