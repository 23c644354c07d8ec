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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.broker.SendAdvice.Sending;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Prepares messages and sends them.
 *
 * @param composer prepares messages for sending
 * @param converters the converters from descriptors to Java types
 * @param advice surrounds sends and requests, or {@code null}
 */
public record Messenger(MessageComposer composer, FdConverters converters, @Nullable SendAdvice advice) {

	/**
	 * Start a message.
	 * @param destination where it goes
	 * @return the message to complete and send
	 */
	public MessageSpec to(Destination destination) {
		return new DestinationMessageSpec(this, destination);
	}

	void send(Destination destination, OutgoingFdMessage message) {
		observe("send", destination, message, (observed) -> {
			try (OutgoingMessage outgoing = this.composer.compose(observed)) {
				destination.send(outgoing);
			}
			return observed;
		});
	}

	CompletionStage<Void> sendAsync(Destination destination, OutgoingFdMessage message) {
		return observeStage("send", destination, message,
				(observed) -> destination.sendAsync(this.composer.compose(observed)));
	}

	FdMessage request(Destination destination, OutgoingFdMessage message, Duration timeout) {
		return observe("request", destination, message, (observed) -> {
			try (OutgoingMessage outgoing = this.composer.compose(observed)) {
				return this.composer.handedOut(destination.request(outgoing, timeout));
			}
		});
	}

	CompletionStage<FdMessage> requestAsync(Destination destination, OutgoingFdMessage message, Duration timeout) {
		return observeStage("request", destination, message, (observed) -> {
			AsyncRequest request = new AsyncRequest(this.composer.compose(observed),
					(outgoing) -> this.composer.handedOut(destination.request(outgoing, timeout)));
			destination.start(request);
			return request;
		});
	}

	void handOver(Destination destination, OutgoingFdMessage message) {
		observe("send", destination, message, (observed) -> {
			try (OutgoingMessage outgoing = this.composer.composeToHandOver(observed)) {
				destination.send(outgoing);
			}
			return observed;
		});
		this.composer.sources().closeHandedOver(message.attachments());
	}

	/**
	 * Do something with a message, which is observed.
	 */
	<T> T observe(String operation, Destination destination, OutgoingFdMessage message,
			Function<OutgoingFdMessage, T> action) {
		if (this.advice == null) {
			return action.apply(message);
		}
		Sending sending = this.advice.begin(destination, operation, message);
		Throwable failure = null;
		try {
			return action.apply(sending.message());
		}
		catch (RuntimeException | Error ex) {
			failure = ex;
			throw ex;
		}
		finally {
			sending.ended(failure);
		}
	}

	private <T> CompletionStage<T> observeStage(String operation, Destination destination, OutgoingFdMessage message,
			Function<OutgoingFdMessage, CompletionStage<T>> action) {
		if (this.advice == null) {
			return stage(message, action);
		}
		Sending sending = this.advice.begin(destination, operation, message);
		CompletionStage<T> result = stage(sending.message(), action);
		result.whenComplete((value, failure) -> sending.ended(failure));
		return result;
	}

	private static <T> CompletionStage<T> stage(OutgoingFdMessage message,
			Function<OutgoingFdMessage, CompletionStage<T>> action) {
		try {
			return action.apply(message);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

}
