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

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.event.EventListener;

import io.github.fdbroker.FdEvent.ConnectionAccepted;
import io.github.fdbroker.FdEvent.ConnectionEnded;
import io.github.fdbroker.FdEvent.ConnectionRefused;
import io.github.fdbroker.FdEvent.SocketClosed;
import io.github.fdbroker.FdEvent.SocketOpened;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.test.FdTestResult;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdEvent}.
 */
class FdEventTests {

	@TempDir
	Path directory;

	private final Events events = new Events();

	@Test
	void eventsWhenPeerConnectsAndEndsAreInOrderWithItsCredentials() {
		run((context) -> {
			assertThat(request()).hasPayload("x");
			this.events.await(ConnectionEnded.class);
		});
		assertThat(this.events.received).extracting((event) -> (Object) event.getClass())
			.containsExactly(SocketOpened.class, ConnectionAccepted.class, ConnectionEnded.class, SocketClosed.class);
		List<FdEvent> all = List.copyOf(this.events.received);
		assertThat(all.get(0)).isEqualTo(new SocketOpened("handoff", this.directory.resolve("handoff")));
		ConnectionAccepted accepted = (ConnectionAccepted) all.get(1);
		ConnectionEnded ended = (ConnectionEnded) all.get(2);
		assertThat(accepted.peer().pid()).isEqualTo(ProcessHandle.current().pid());
		assertThat(ended)
			.isEqualTo(new ConnectionEnded("handoff", accepted.connection(), accepted.peer(), 1, ended.age()));
		assertThat(ended.age()).isPositive();
	}

	@Test
	void eventsWhenPeerIsNotAllowedReportRefusalWithItsCredentials() {
		run((context) -> {
			assertThat(request()).isClosed();
			ConnectionRefused refused = this.events.await(ConnectionRefused.class);
			assertThat(refused.socket()).isEqualTo("handoff");
			assertThat(refused.reason()).isEqualTo("not-allowed");
			assertThat(refused.peer()).isNotNull();
		}, "fdbroker.sockets.handoff.allow.uids=12345");
		assertThat(this.events.received).noneMatch(ConnectionAccepted.class::isInstance);
	}

	@Test
	void socketWhenMethodThatReceivesEventsFailsIsServed() {
		this.events.fails = true;
		run((context) -> assertThat(request()).hasPayload("x"));
	}

	@Test
	void socketWhenReceiverOfEventsWaitsForThreadThatUsesTheRegistryOpensAndCloses() {
		ApplicationContextRunner runner = TestApplication.with(this.directory, Listener.class, new Listener())
			.withBean(Waiting.class);
		runner.run((context) -> {
			assertThat(request()).hasPayload("x");
			context.getBean(FdListenerRegistry.class).container("handoff").stop().join();
			context.getBean(FdListenerRegistry.class).container("handoff").start();
			assertThat(request()).hasPayload("x");
			assertThat(context.getBean(Waiting.class).received).extracting((event) -> (Object) event.getClass())
				.containsExactly(SocketOpened.class, SocketClosed.class, SocketOpened.class);
		});
	}

	private FdTestResult request() {
		try (FdTestClient client = FdTestClient.to(this.directory.resolve(TestApplication.SOCKET)).open()) {
			return client.request("x");
		}
	}

	private void run(ContextConsumer<AssertableApplicationContext> consumer, String... properties) {
		TestApplication.with(this.directory, Listener.class, new Listener())
			.withBean(Events.class, () -> this.events)
			.withPropertyValues(properties)
			.run(consumer);
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String receive(String payload) {
			return payload;
		}

	}

	/**
	 * Waits for another thread that starts a socket that is open, or stops one that is
	 * closed.
	 */
	static class Waiting {

		private final Queue<FdEvent> received = new ConcurrentLinkedQueue<>();

		private final ObjectProvider<FdListenerRegistry> registry;

		Waiting(ObjectProvider<FdListenerRegistry> registry) {
			this.registry = registry;
		}

		@EventListener({ SocketOpened.class, SocketClosed.class })
		void on(FdEvent event) throws Exception {
			this.received.add(event);
			CompletableFuture.runAsync(() -> use(this.registry.getObject(), event)).get(20, TimeUnit.SECONDS);
		}

		private static void use(FdListenerRegistry registry, FdEvent event) {
			FdListenerContainer container = registry.container("handoff");
			if (event instanceof SocketOpened) {
				container.start();
			}
			else {
				container.stop();
			}
		}

	}

	static class Events {

		private final Queue<FdEvent> received = new ConcurrentLinkedQueue<>();

		private volatile boolean fails;

		@EventListener
		void on(FdEvent event) {
			this.received.add(event);
			if (this.fails) {
				throw new IllegalStateException("for the test");
			}
		}

		<T> T await(Class<T> type) {
			return Awaitility.await()
				.until(() -> this.received.stream().filter(type::isInstance).map(type::cast).toList(),
						(found) -> !found.isEmpty())
				.get(0);
		}

	}

}
