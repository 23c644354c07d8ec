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

package io.github.fdbroker.hold;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that are large beside the heap.
 */
class LargeMessagesHoldTests {

	private static final String LIMIT = "--fdbroker.sockets.stream.max-message-size=";

	@TempDir
	Path directory;

	@Test
	void messagesOfSixteenMegabytesArriveWithTheirDescriptors() {
		send(20);
	}

	@Proof
	void aThousandMessagesOfSixteenMegabytesArriveWithTheirDescriptors() {
		send(1000);
	}

	private void send(int count) {
		try (HeldServer server = HeldServer.start(this.directory, LIMIT + "16MB")) {
			server.assertServes("stream");
			Map<Integer, String> before = server.descriptors();
			assertThat(server.run("large", "stream", count, 16 << 20, 16)).isEqualTo("sent " + count);
			server.assertServes("stream");
			server.awaitDescriptors(before);
		}
	}

	@Test
	void messagesWhenTheHeapIsTooSmallForThemCostTheirConnectionsOnly() {
		begin(40);
	}

	@Proof
	void manyMessagesWhenTheHeapIsTooSmallForThemCostTheirConnectionsOnly() {
		begin(200);
	}

	/**
	 * The heap has no room for half of 40 messages.
	 */
	private void begin(int count) {
		try (HeldServer server = HeldServer.startUnder(List.of("env", "_JAVA_OPTIONS=-Xmx32m"), this.directory,
				LIMIT + "2MB")) {
			server.assertServes("stream");
			Map<Integer, String> before = server.descriptors();
			try (PeerProcess attack = server.attackAsOther("begin", "stream", count, 2 << 20)) {
				assertThat(attack.pid()).isPositive();
			}
			server.assertServes("stream");
			server.awaitDescriptors(before);
			assertThat(server.isAlive()).isTrue();
		}
	}

}
