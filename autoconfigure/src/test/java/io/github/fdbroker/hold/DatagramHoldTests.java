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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A datagram socket, which one thread receives for all: no sender holds up another one.
 */
class DatagramHoldTests extends SharedServer {

	@BeforeAll
	static void serve() {
		ask();
	}

	@AfterEach
	void serverServesAndHoldsNothing() {
		ask();
		server.awaitDescriptors(this.before);
	}

	@Test
	void senderWhenItReadsNoReplyHoldsUpNobody() {
		try (PeerProcess mute = server.attack("mute", "datagram", 60, directory.resolve("mute"))) {
			ask();
			assertThat(mute.pid()).isPositive();
		}
	}

	@Test
	void strangerWhenClosesHangHoldsUpNobody() {
		try (PeerProcess attack = server
			.ambush(OtherUser.command(server.command("linger-datagrams", "datagram", 10)))) {
			ask();
			assertThat(attack.pid()).isPositive();
		}
	}

	@Test
	void senderWhenItIsGoneBeforeItsReplyLeavesTheSocketAlive() {
		try (PeerProcess mute = server.attack("mute", "datagram", 5, directory.resolve("gone"))) {
			mute.kill();
		}
		ask();
	}

	private static void ask() {
		assertThat(server.run("ask-datagrams", "datagram", 20, directory.resolve("own"))).startsWith("served 20 ");
	}

}
