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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners start, let running methods finish when they stop, and end those that do not
 * finish.
 */
class FdListenerLifecycleTests {

	private static final String TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase=300ms";

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@AfterEach
	void finishEverything() {
		this.listener.permits.release(1000);
	}

	@Test
	void stopWhenMethodRunsWaitsForItAndItsReply() {
		run((context) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "first");
				this.listener.awaitCall("first");
				Background<Boolean> stop = Background.run(context::stop).awaitWaiting();
				assertThat(stop.isDone()).isFalse();
				this.listener.permits.release();
				assertThat(peer.reply()).isEqualTo("1 REPLY done first");
				peer.awaitEnd();
				assertThat(stop.get()).isTrue();
			}
		});
	}

	@Test
	void stopWhenMessagesHaveComeRepliesThem() {
		run((context) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "1");
				this.listener.awaitCall("1");
				for (int i = 2; i < 50; i++) {
					peer.send(MessageKind.REQUEST, i, i, FileDescriptor.in);
				}
				Background<Boolean> stop = Background.run(context::stop).awaitWaiting();
				this.listener.permits.release(50);
				for (int i = 1; i < 50; i++) {
					assertThat(peer.reply()).isEqualTo(i + " REPLY done " + i);
				}
				assertThat(peer.reply()).isEqualTo("end");
				assertThat(stop.get()).isTrue();
			}
		});
	}

	@Test
	void stopWhenFutureIsPendingWaitsForItAndItsReply() {
		run((context) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "async", FileDescriptor.in);
				this.listener.awaitCall("async");
				Background<Boolean> stop = Background.run(context::stop).awaitWaiting();
				this.listener.future.complete("later");
				assertThat(peer.reply()).isEqualTo("1 REPLY later");
				assertThat(stop.get()).isTrue();
			}
		});
	}

	@Test
	void stopWhenConnectionIsIdleClosesItAndRefusesNewOnes() {
		run((context) -> {
			try (FdTestClient idle = TestApplication.client(this.directory)) {
				assertThat(idle.request("free")).hasPayload("free");
				context.stop();
				assertThat(idle.receive()).isClosed();
				assertThat(this.directory.resolve(TestApplication.SOCKET)).doesNotExist();
				assertThat(container(context).isRunning()).isFalse();
				assertThat(container(context).connections()).isZero();
			}
		});
	}

	@Test
	void stopWhenPeerIsInTheMiddleOfMessageDoesNotWaitForTheRest() {
		run((context) -> {
			try (RawPeer peer = connect()) {
				assertThat(peer.ask(1, "free")).isEqualTo("1 REPLY free");
				peer.write("FDBR");
				context.stop();
				peer.awaitEnd();
			}
		});
	}

	@Test
	void startWhenStoppedBeforeServesAgain() {
		run((context) -> {
			for (int i = 0; i < 3; i++) {
				try (FdTestClient client = TestApplication.client(this.directory)) {
					assertThat(client.request("free")).hasPayload("free");
				}
				context.stop();
				context.start();
			}
			assertThat(container(context).counters().traffic().messagesReceived()).isEqualTo(3);
		});
	}

	@Test
	void closeWhenMethodsBlockForTooLongInterruptsThemAndDropsWhatElseCame() {
		List<RawPeer> peers = new ArrayList<>();
		run((context) -> {
			for (int i = 0; i < 3; i++) {
				RawPeer peer = connect();
				peers.add(peer);
				for (int j = 0; j < 20; j++) {
					peer.send(MessageKind.REQUEST, j, "blocked", FileDescriptor.in);
				}
			}
			Awaitility.await().until(() -> this.listener.calls.size() == 3);
		}, TIMEOUT);
		peers.forEach(RawPeer::awaitEnd);
		peers.forEach(RawPeer::close);
		awaitNoThreads();
		assertThat(this.listener.interrupted).hasSize(3);
		assertThat(this.listener.calls).hasSize(3);
	}

	@ParameterizedTest
	@EnumSource(value = Format.class, names = { "FRAME", "RAW" })
	void closeWhenFutureNeverCompletesClosesConnectionAndDescriptors(Format format) {
		RawPeer[] peer = new RawPeer[1];
		run((context) -> {
			peer[0] = connect();
			switch (format) {
				case FRAME -> peer[0].send(MessageKind.REQUEST, 1, "async", FileDescriptor.in);
				case RAW -> peer[0].write("async", FileDescriptor.in);
				case APUE -> peer[0].write("async\0\0", FileDescriptor.in);
			}
			this.listener.awaitCall("async");
		}, TIMEOUT, "fdbroker.sockets.handoff.format=" + format);
		peer[0].awaitEnd();
		peer[0].close();
		Awaitility.await().until(() -> !this.listener.descriptor.isOpen());
		awaitNoThreads();
	}

	@Test
	void closeWhenAStopThatTookTooLongWasFollowedByAStartLeavesNothing() {
		run((context) -> {
			try (RawPeer peer = connect()) {
				peer.send(MessageKind.REQUEST, 1, "blocked", FileDescriptor.in);
				this.listener.awaitCall("blocked");
				context.stop();
				context.start();
				try (FdTestClient another = TestApplication.client(this.directory)) {
					assertThat(another.request("free")).hasPayload("free");
				}
				context.close();
				peer.awaitEnd();
			}
		}, TIMEOUT);
		awaitNoThreads();
	}

	boolean onVirtualThreads() {
		return false;
	}

	private FdListenerContainer container(ConfigurableApplicationContext context) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next();
	}

	private RawPeer connect() {
		return RawPeer.connect(this.directory);
	}

	private void run(ContextTest test, String... properties) {
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
			.withPropertyValues(properties)
			.withPropertyValues("spring.threads.virtual.enabled=" + onVirtualThreads())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.run(context.getSourceApplicationContext());
			});
	}

	private static void awaitNoThreads() {
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("fd-handoff-")));
	}

	interface ContextTest {

		void run(ConfigurableApplicationContext context) throws Exception;

	}

	static class Listener {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final Queue<String> interrupted = new ConcurrentLinkedQueue<>();

		private final Semaphore permits = new Semaphore(0);

		private final CompletableFuture<String> future = new CompletableFuture<>();

		private volatile @Nullable OwnedFd descriptor;

		@FdListener(TestApplication.SOCKET)
		Object handle(String payload, @Nullable OwnedFd descriptor) {
			this.calls.add(payload);
			this.descriptor = descriptor;
			return switch (payload) {
				case "free" -> payload;
				case "async" -> this.future;
				default -> block(payload);
			};
		}

		private String block(String payload) {
			try {
				this.permits.acquire();
				return "done " + payload;
			}
			catch (InterruptedException ex) {
				this.interrupted.add(payload);
				throw new IllegalStateException(ex);
			}
		}

		void awaitCall(String payload) {
			Awaitility.await().until(() -> this.calls.contains(payload));
		}

	}

}
