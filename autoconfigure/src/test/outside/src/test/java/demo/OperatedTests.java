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

package demo;

import java.util.Optional;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.SpringBootTest;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpoint;
import io.github.fdbroker.test.AutoConfigureFdBroker;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.test.FdTestSockets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks at connections, closes one, and has one refused.
 */
@SpringBootTest(properties = "spring.jmx.enabled=true")
@AutoConfigureFdBroker
class OperatedTests {

	@Autowired
	FdTestSockets sockets;

	@Autowired
	Outside outside;

	@Autowired
	FdBrokerEndpoint endpoint;

	@Autowired
	@Qualifier("fdbrokerHealthIndicator")
	HealthIndicator health;

	@Test
	void isOperated() {
		int before = this.outside.events.size();
		try (FdTestClient client = this.sockets.client("desk").open();
				FdTestClient stranger = this.sockets.client("plain").asUser(65534).open()) {
			assertThat(client.request(OutgoingFdMessage.builder().header("op", "directory").build())).isMessage();
			long connection = event(before, FdEvent.ConnectionAccepted.class).connection();
			this.endpoint.close(connection);
			assertThat(client.receive()).isClosed();
			assertThat(event(before, FdEvent.ConnectionEnded.class).connection()).isEqualTo(connection);
			assertThat(stranger.request("size")).isClosed();
			assertThat(event(before, FdEvent.ConnectionRefused.class).peer().uid()).isEqualTo(65534);
		}
		assertThat(this.endpoint.fdbroker().sockets().get("plain").refusals()).containsEntry("not-allowed", 1L);
		assertThat(this.health.health().getDetails()).containsKeys("sockets", "peers");
	}

	/**
	 * Wait for an event of a type.
	 */
	private <T extends FdEvent> T event(int from, Class<T> type) {
		return Awaitility.await().until(() -> this.outside.events.stream()
			.skip(from)
			.filter(type::isInstance)
			.map(type::cast)
			.findFirst(), Optional::isPresent).orElseThrow();
	}

}
