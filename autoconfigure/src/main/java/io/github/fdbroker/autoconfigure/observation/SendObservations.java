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

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.broker.Destination;
import io.github.fdbroker.broker.SendAdvice;

/**
 * Observes sends and requests as {@code fdbroker.send}. The context of the trace is sent
 * in headers if the format of the messages has headers.
 *
 * @param registry the registry
 */
record SendObservations(ObservationRegistry registry) implements SendAdvice {

	@Override
	public Sending begin(Destination destination, String operation, OutgoingFdMessage message) {
		OutgoingFdMessage.Builder builder = OutgoingFdMessage.builder().message(message);
		Observation observation = Observation
			.createNotStarted("fdbroker.send", () -> context(destination, operation, builder), this.registry)
			.contextualName(destination.group() + " " + operation)
			.lowCardinalityKeyValues(
					KeyValues.of("fdbroker.peer", destination.group(), "fdbroker.operation", operation))
			.highCardinalityKeyValue("fdbroker.descriptors", String.valueOf(message.attachments().size()))
			.start();
		return new ObservedSending(destination.hasHeaders() ? builder.build() : message, observation);
	}

	private static SenderContext<OutgoingFdMessage.Builder> context(Destination destination, String operation,
			OutgoingFdMessage.Builder builder) {
		SenderContext<OutgoingFdMessage.Builder> context = new SenderContext<>((carrier, key, value) -> {
			if (carrier != null) {
				carrier.header(key, value);
			}
		}, (destination.acknowledges() || operation.equals("request")) ? Kind.CLIENT : Kind.PRODUCER);
		context.setCarrier(builder);
		context.setRemoteServiceName(destination.name());
		return context;
	}

	/**
	 * A message that is sent and observed.
	 *
	 * @param message the message with its additional headers
	 * @param observation the observation
	 */
	private record ObservedSending(OutgoingFdMessage message, Observation observation) implements Sending {

		@Override
		public void ended(@Nullable Throwable failure) {
			if (failure != null) {
				this.observation.error(failure);
			}
			this.observation.stop();
		}

	}

}
