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

package io.github.fdbroker.web.tomcat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections of HTTP/1.1 that move from one Tomcat to another and back.
 */
@ExtendWith(FdLedger.class)
@Timeout(120)
class MovedConnectionTests {

	private static final int CLIENTS = 3;

	private static final int MOVES = 300;

	@Test
	void requestsWhenConnectionsMoveBackAndForthAreEachServedOnce() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			try (KeepAliveClients clients = new KeepAliveClients(CLIENTS, a.address())) {
				Awaitility.await().until(() -> a.protocol().connections() == CLIENTS);
				a.stopAccepting();
				b.stopAccepting();
				int moved = 0;
				while (moved < MOVES && clients.areRunning()) {
					moved += a.moveTo(b) + b.moveTo(a);
				}
				int sent = clients.end();
				assertThat(a.requests() + b.requests()).isEqualTo(sent);
				assertThat(b.requests()).isPositive();
			}
			awaitNoConnection(a);
			awaitNoConnection(b);
		}
	}

	private static void awaitNoConnection(MovingServer server) {
		Awaitility.await().until(() -> server.protocol().connections() + server.counted() == 0);
	}

}
