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

import java.util.Map;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.listener.CallAdvice;

/**
 * Observes the calls of listeners as {@code fdbroker.listener}. An observation ends when
 * the reply is sent.
 *
 * @param registry the registry
 */
record ListenerObservations(ObservationRegistry registry) implements CallAdvice {

	@Override
	public Call begin(String socket, String listener, Incoming incoming) {
		Observation observation = Observation
			.createNotStarted("fdbroker.listener", () -> context(incoming), this.registry)
			.contextualName(socket + " receive")
			.lowCardinalityKeyValues(KeyValues.of("fdbroker.socket", socket, "fdbroker.listener", listener))
			.highCardinalityKeyValues(peer(incoming.message(), incoming.sender().credentials()))
			.start();
		return new ObservedCall(observation, observation.openScope());
	}

	private static ReceiverContext<Map<String, String>> context(Incoming incoming) {
		ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get,
				incoming.isRequest() ? Kind.SERVER : Kind.CONSUMER);
		context.setCarrier(incoming.message().headers());
		return context;
	}

	private static KeyValues peer(FdMessage message, @Nullable PeerCredentials peer) {
		KeyValues values = KeyValues.of("fdbroker.descriptors", String.valueOf(message.descriptors().size()));
		return (peer == null) ? values : values.and("fdbroker.peer.pid", String.valueOf(peer.pid()),
				"fdbroker.peer.uid", String.valueOf(peer.uid()));
	}

	/**
	 * A call that is observed.
	 *
	 * @param observation the observation
	 * @param scope its scope on the thread of the handler
	 */
	private record ObservedCall(Observation observation, Observation.Scope scope) implements Call {

		@Override
		public void returned() {
			this.scope.close();
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			if (failure != null) {
				this.observation.error(failure);
			}
			this.observation.stop();
		}

	}

}
