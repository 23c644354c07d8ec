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

package io.github.fdbroker.autoconfigure.observation;

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kinds of the observations on both sides of a message.
 */
class ObservationKindTests {

	@TempDir
	Path directory;

	private final Kinds kinds = new Kinds();

	@Test
	void kindsWhenMessageIsOneWayAreProducerAndConsumer() {
		assertKinds((broker) -> broker.to("handoff").payload("x").send(), Kind.PRODUCER, Kind.CONSUMER);
		assertKinds((broker) -> broker.to("handoff").payload("x").sendAsync(), Kind.PRODUCER, Kind.CONSUMER);
	}

	@Test
	void kindsWhenMessageIsRequestAreClientAndServer() {
		assertKinds((broker) -> broker.to("handoff").payload("x").request(), Kind.CLIENT, Kind.SERVER);
		assertKinds((broker) -> {
			try (FdSession session = broker.connect("handoff")) {
				session.request(OutgoingFdMessage.of("x"));
			}
		}, Kind.CLIENT, Kind.SERVER);
	}

	@Test
	void kindsWhenSendIsAcknowledgedAreClientAndServer() {
		assertKinds((broker) -> broker.to("handoff").payload("x").send(), Kind.CLIENT, Kind.SERVER,
				"fdbroker.peers.handoff.acknowledge=true");
	}

	private void assertKinds(Consumer<FdBroker> action, Kind sending, Kind receiving, String... properties) {
		this.kinds.ended.clear();
		TestApplication.with(this.directory, Listener.class, new Listener())
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
					FdBrokerObservationAutoConfiguration.class))
			.withBean(Kinds.class, () -> this.kinds)
			.withPropertyValues(properties)
			.run((context) -> {
				action.accept(context.getBean(FdBroker.class));
				Awaitility.await().until(() -> this.kinds.ended.size() == 2);
				assertThat(List.copyOf(this.kinds.ended)).containsExactlyInAnyOrder(sending, receiving);
			});
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String receive(String payload) {
			return payload;
		}

	}

	/**
	 * Collects the kinds of the observations that have ended.
	 */
	static class Kinds implements ObservationHandler<Observation.Context> {

		private final Queue<Kind> ended = new ConcurrentLinkedQueue<>();

		@Override
		public void onStop(Observation.Context context) {
			if (context instanceof SenderContext<?> sender) {
				this.ended.add(sender.getKind());
			}
			if (context instanceof ReceiverContext<?> receiver) {
				this.ended.add(receiver.getKind());
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
