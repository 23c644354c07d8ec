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
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Epoll;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.JunixsocketMessages;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.SystemCalls;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.testsupport.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SocketPoller} and {@link PolledSocket}.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class SocketPollerTests {

	private static final int LONG = 60_000;

	private final SocketPoller poller = new SocketPoller(() -> new Epoll(LibcBinding.preferred().bind()));

	private FileDescriptor[] ends;

	private PolledSocket socket;

	@BeforeEach
	void open() throws IOException {
		this.ends = Kernel.calls().socketPair(SocketType.STREAM);
		Descriptors.configureBlocking(this.ends[0], false);
		this.socket = new PolledSocket(this.ends[0], this.poller);
	}

	@AfterEach
	void close() {
		this.socket.close();
		Descriptors.close(List.of(this.ends));
	}

	@Test
	void awaitWhenReadyAlreadyReturns() throws Exception {
		write(this.ends[1]);
		assertThat(get(await(this.socket, SystemCalls.OP_READ, LONG))).isTrue();
		assertThat(get(await(this.socket, SystemCalls.OP_WRITE, -1))).isTrue();
	}

	@Test
	void awaitWhenOneReadsAndOneWritesWakesEachForItsOwn() throws Exception {
		fill(this.ends[0]);
		FutureTask<Boolean> writer = await(this.socket, SystemCalls.OP_WRITE, -1);
		FutureTask<Boolean> reader = await(this.socket, SystemCalls.OP_READ, LONG);
		write(this.ends[1]);
		assertThat(get(reader)).isTrue();
		assertThat(writer.isDone()).isFalse();
		JunixsocketMessages.receive(this.ends[0], MessageSocketPair.bytes("0123"), null, null);
		FutureTask<Boolean> another = await(this.socket, SystemCalls.OP_READ, -1);
		drain(this.ends[1]);
		assertThat(get(writer)).isTrue();
		assertThat(another.isDone()).isFalse();
		Kernel.calls().shutdown(this.ends[1], SystemCalls.SHUT_WR);
		assertThat(get(another)).isTrue();
	}

	@Test
	void awaitWhenTimedOutReturnsFalseAndCanBeRepeated() throws Exception {
		assertThat(get(await(this.socket, SystemCalls.OP_READ, 1))).isFalse();
		assertThat(get(await(this.socket, SystemCalls.OP_READ, 0))).isFalse();
		FutureTask<Boolean> reader = await(this.socket, SystemCalls.OP_READ, LONG);
		write(this.ends[1]);
		assertThat(get(reader)).isTrue();
	}

	@Test
	void awaitWhenInterruptedGoesOnAndKeepsTheInterrupt() throws Exception {
		FutureTask<Boolean> reader = new FutureTask<>(
				() -> this.socket.await(this.ends[0], SystemCalls.OP_READ, LONG) && Thread.interrupted());
		Thread thread = VirtualThreads.start(reader, "reader");
		KernelWait.await(thread);
		thread.interrupt();
		Awaitility.await().until(() -> thread.getState() != Thread.State.RUNNABLE);
		assertThat(reader.isDone()).isFalse();
		write(this.ends[1]);
		assertThat(get(reader)).isTrue();
	}

	@Test
	void awaitWhenPeerGoneReturns() throws Exception {
		FutureTask<Boolean> reader = await(this.socket, SystemCalls.OP_READ, -1);
		fill(this.ends[0]);
		FutureTask<Boolean> writer = await(this.socket, SystemCalls.OP_WRITE, -1);
		Descriptors.close(this.ends[1]);
		assertThat(get(reader)).isTrue();
		assertThat(get(writer)).isTrue();
	}

	@Test
	void closeWhenSomebodyWaitsWakesThemAndLetsNobodyWaitAgain() throws Exception {
		fill(this.ends[0]);
		FutureTask<Boolean> reader = await(this.socket, SystemCalls.OP_READ, -1);
		FutureTask<Boolean> writer = await(this.socket, SystemCalls.OP_WRITE, LONG);
		this.socket.close();
		assertThat(get(reader)).isTrue();
		assertThat(get(writer)).isTrue();
		FutureTask<Boolean> late = await(this.socket, SystemCalls.OP_READ, -1);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(late))
			.withCauseInstanceOf(ClosedChannelException.class);
	}

	@Test
	void awaitWhenNumberIsAnotherSocketsNowIsNotWokenForTheFormerOne() throws Exception {
		write(this.ends[1]);
		assertThat(get(await(this.socket, SystemCalls.OP_READ, -1))).isTrue();
		FileDescriptor kept = Kernel.calls().duplicate(this.ends[0]);
		int number = Descriptors.number(this.ends[0]);
		this.socket.close();
		Descriptors.close(this.ends[0]);
		FileDescriptor[] next = Kernel.calls().socketPair(SocketType.STREAM);
		Descriptors.move(Kernel.calls().duplicate(next[0]), FileDescriptors.of(number));
		PolledSocket successor = new PolledSocket(FileDescriptors.of(number), this.poller);
		try {
			FutureTask<Boolean> reader = await(successor, SystemCalls.OP_READ, -1);
			write(this.ends[1]);
			assertThat(get(await(successor, SystemCalls.OP_READ, 50))).isFalse();
			assertThat(reader.isDone()).isFalse();
			write(next[1]);
			assertThat(get(reader)).isTrue();
		}
		finally {
			successor.close();
			Descriptors.close(List.of(kept, FileDescriptors.of(number), next[0], next[1]));
		}
	}

	@Test
	void pollerWhenManySocketsWaitHasOneThreadAndEndsWithTheLast() throws Exception {
		Set<Thread> others = pollers();
		int before = FdLedger.open().size();
		for (int round = 0; round < 3; round++) {
			FileDescriptor[] more = Kernel.calls().socketPair(SocketType.STREAM);
			PolledSocket second = new PolledSocket(more[0], this.poller);
			PolledSocket first = new PolledSocket(this.ends[0], this.poller);
			FutureTask<Boolean> one = await(first, SystemCalls.OP_READ, -1);
			FutureTask<Boolean> two = await(second, SystemCalls.OP_READ, -1);
			Set<Thread> started = pollers();
			started.removeAll(others);
			assertThat(started).hasSize(1);
			first.close();
			assertThat(get(one)).isTrue();
			assertThat(two.isDone()).isFalse();
			second.close();
			assertThat(get(two)).isTrue();
			Descriptors.close(List.of(more));
			if (round > 0) {
				Awaitility.await().until(() -> !pollers().contains(started.iterator().next()));
				assertThat(FdLedger.open()).hasSize(before);
			}
		}
	}

	@Test
	void awaitWhenNoDescriptorIsFreeWaitsOnPlatformThread() throws Exception {
		PolledSocket poor = new PolledSocket(this.ends[0], new SocketPoller(() -> {
			throw Errno.exception("epoll_create1", 24);
		}));
		FutureTask<Boolean> reader = await(poor, SystemCalls.OP_READ, LONG);
		assertThat(reader.isDone()).isFalse();
		write(this.ends[1]);
		assertThat(get(reader)).isTrue();
		assertThat(get(await(poor, SystemCalls.OP_WRITE, 0))).isTrue();
		poor.close();
	}

	@Test
	void awaitWhenThreadIsPlatformThreadNeedsNoPoller() throws IOException {
		Set<Thread> before = pollers();
		write(this.ends[1]);
		assertThat(this.socket.await(this.ends[0], SystemCalls.OP_READ, LONG)).isTrue();
		assertThat(pollers()).isEqualTo(before);
	}

	/**
	 * Have a virtual thread wait, and return once it does or has returned.
	 */
	private FutureTask<Boolean> await(PolledSocket target, int operation, int timeoutMillis) {
		FutureTask<Boolean> waiting = new FutureTask<>(() -> target.await(this.ends[0], operation, timeoutMillis));
		Thread thread = VirtualThreads.start(waiting, "waiting");
		Awaitility.await().until(() -> thread.getState() != Thread.State.RUNNABLE);
		return waiting;
	}

	private static boolean get(FutureTask<Boolean> task) throws Exception {
		return task.get(20, TimeUnit.SECONDS);
	}

	private static Set<Thread> pollers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("fd-poller"))
			.collect(Collectors.toSet());
	}

	private static void write(FileDescriptor end) throws IOException {
		JunixsocketMessages.send(end, MessageSocketPair.bytes("x"), null, null);
	}

	private static void fill(FileDescriptor end) throws IOException {
		while (JunixsocketMessages.send(end, MessageSocketPair.bytes("x".repeat(10_000)), null, null) > 0) {
			assertThat(end.valid()).isTrue();
		}
	}

	private static void drain(FileDescriptor end) throws IOException {
		Descriptors.configureBlocking(end, false);
		while (JunixsocketMessages.receive(end, MessageSocketPair.bytes("x".repeat(100_000)), null, null) > 0) {
			assertThat(end.valid()).isTrue();
		}
	}

}
