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

package io.github.fdbroker.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.Traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How many peers are kept that are used by their path.
 */
class PathPeersTests {

	private static final int MAX = 256;

	private static final int MORE = 300;

	@TempDir
	Path directory;

	@Test
	void sendWhenMorePathsAreUsedThanAreKeptClosesTheOldestConnections() {
		application().run((context) -> {
			DefaultFdBroker broker = context.getBean(DefaultFdBroker.class);
			try (FdSession session = broker.connect(name(0))) {
				for (int i = 1; i <= MORE; i++) {
					broker.to(name(i)).payload("text").send();
				}
				assertThat(broker.peers()).hasSize(1 + MAX);
				Awaitility.await().until(() -> connections(context.getBean(FdListenerRegistry.class)) == MAX);
				try (FdMessage reply = session.request(OutgoingFdMessage.of("kept"))) {
					assertThat(reply.text()).isEqualTo("kept");
				}
			}
			broker.to(name(1)).payload("again").send();
			assertThat(broker.traffic(PeerSettings.UNNAMED, Traffic::messagesSent)).isEqualTo(MORE + 2);
			assertThat(broker.peers()).hasSize(1 + MAX);
		});
	}

	@Test
	void sendWhenNobodyIsThereKeepsPeersWithConnectionLonger() {
		application().run((context) -> {
			DefaultFdBroker broker = context.getBean(DefaultFdBroker.class);
			broker.to(name(0)).payload("text").send();
			for (int i = 0; i < MORE; i++) {
				Path nobody = this.directory.resolve("nobody" + i);
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> broker.to("handoff", nobody).payload("text").send());
			}
			assertThat(broker.peers()).hasSize(1 + MAX);
			assertThat(connections(context.getBean(FdListenerRegistry.class))).isEqualTo(1);
		});
	}

	@Test
	void requestAsyncWhenItsPeerIsTheOldestIsReplied() {
		application().run((context) -> {
			DefaultFdBroker broker = context.getBean(DefaultFdBroker.class);
			CompletableFuture<FdMessage> reply = broker.to(name(0))
				.payload("wait")
				.requestAsync()
				.toCompletableFuture();
			for (int i = 1; i <= MORE; i++) {
				broker.to(name(i)).payload("text").send();
			}
			broker.to(name(1)).payload("go").send();
			try (FdMessage message = reply.get()) {
				assertThat(message.text()).isEqualTo("wait");
			}
		});
	}

	private ApplicationContextRunner application() {
		return TestApplication.with(this.directory, Listener.class, new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.max-connections-per-user=1000",
					"fdbroker.peers.handoff.connect-timeout=1ms");
	}

	/**
	 * Give the socket another name.
	 */
	private Path name(int number) throws IOException {
		Path name = this.directory.resolve("name" + number);
		return Files.exists(name) ? name : Files.createLink(name, this.directory.resolve(TestApplication.SOCKET));
	}

	private static int connections(FdListenerRegistry registry) {
		return registry.containers().iterator().next().connections();
	}

	static class Listener {

		private final CountDownLatch go = new CountDownLatch(1);

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) throws InterruptedException {
			if (payload.equals("go")) {
				this.go.countDown();
			}
			if (payload.equals("wait")) {
				this.go.await();
			}
			return payload;
		}

	}

}
