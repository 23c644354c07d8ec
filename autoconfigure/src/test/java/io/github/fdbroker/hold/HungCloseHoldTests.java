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

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Descriptors whose close(2) does not return, as that of a TCP connection with SO_LINGER
 * and data that nobody reads: the server goes on, also where strangers sent them, and
 * closes all of them once it can.
 */
class HungCloseHoldTests extends SharedServer {

	@BeforeAll
	static void serve() {
		for (String socket : new String[] { "stream", "strangers" }) {
			server.assertServes(socket);
		}
	}

	@Test
	void allowedPeerWhenItsDescriptorsAreMalformedAndTheirClosesHangHoldsUpNobody() {
		try (PeerProcess attack = server
			.ambush(OtherUser.command(server.command("linger", "stream", 64, "this is no frame at all")))) {
			server.assertServes("stream");
			server.assertServes("strangers");
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
	}

	@Test
	void allowedPeerWhenClosesAfterTheMethodHangHoldsUpNobody() {
		try (PeerProcess attack = server.ambush(OtherUser.command(server.command("linger", "stream", 64)))) {
			server.assertServes("stream");
			server.assertServes("strangers");
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
	}

}
