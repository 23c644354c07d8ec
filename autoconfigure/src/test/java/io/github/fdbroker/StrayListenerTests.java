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
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listener methods that leave their thread interrupted, and futures that never complete.
 */
class StrayListenerTests {

	@TempDir
	Path directory;

	@Test
	void connectionWhenMethodLeavesItsThreadInterruptedLosesNothing() {
		TestApplication.with(this.directory, Interrupting.class, new Interrupting()).run((context) -> {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				for (int i = 0; i < 5; i++) {
					assertThat(peer.ask(i, "hello")).isEqualTo(i + " REPLY hello");
				}
			}
		});
	}

	@Test
	void datagramSocketWhenMethodLeavesItsThreadInterruptedLosesNothing() {
		TestApplication.with(this.directory, Interrupting.class, new Interrupting())
			.withPropertyValues("fdbroker.sockets.handoff.type=datagram", "fdbroker.peers.handoff.type=datagram",
					"fdbroker.peers.handoff.path=" + this.directory.resolve(TestApplication.SOCKET))
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				for (int i = 0; i < 5; i++) {
					assertThat(broker.to("handoff").payload("hello").requestPayload(String.class)).isEqualTo("hello");
				}
			});
	}

	@Test
	void futureWhenItNeverCompletesIsAnErrorAfterListenerTimeout() {
		TestApplication.with(this.directory, Never.class, new Never())
			.withPropertyValues("fdbroker.sockets.handoff.listener-timeout=50ms")
			.run((context) -> {
				try (RawPeer peer = RawPeer.connect(this.directory)) {
					assertThat(peer.ask(1, "hello")).startsWith("1 ERROR ")
						.contains("fdbroker.sockets.handoff.listener-timeout");
				}
			});
	}

	static class Interrupting {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			Thread.currentThread().interrupt();
			return payload;
		}

	}

	static class Never {

		@FdListener(TestApplication.SOCKET)
		CompletableFuture<String> handle(String payload) {
			return new CompletableFuture<>();
		}

	}

}
