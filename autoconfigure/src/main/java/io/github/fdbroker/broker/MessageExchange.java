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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.broker.SendAdvice.Sending;
import io.github.fdbroker.convert.MessageComposer;

/**
 * Exchanges messages with one destination, and surrounds each exchange with the advice.
 */
abstract class MessageExchange {

	private final MessageComposer composer;

	private final @Nullable SendAdvice advice;

	private final Destination destination;

	/**
	 * Create an instance.
	 * @param composer prepares messages
	 * @param advice surrounds sends and requests, or {@code null}
	 * @param destination where the messages go
	 */
	MessageExchange(MessageComposer composer, @Nullable SendAdvice advice, Destination destination) {
		this.composer = composer;
		this.advice = advice;
		this.destination = destination;
	}

	final MessageComposer composer() {
		return this.composer;
	}

	/**
	 * Send a message or a request, and have it observed.
	 * @param operation what is done, {@code send} or {@code request}
	 * @param message the message of the application
	 * @param action does it with the message that is observed
	 */
	final <T> T observe(String operation, OutgoingFdMessage message, Function<OutgoingFdMessage, T> action) {
		if (this.advice == null) {
			return action.apply(message);
		}
		Sending sending = this.advice.begin(this.destination, operation, message);
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

	/**
	 * Start to send a message or a request, and have it observed until it ends.
	 * @return the stage that the action returns, or one that failed if it throws an
	 * exception
	 */
	final <T> CompletionStage<T> observeStage(String operation, OutgoingFdMessage message,
			Function<OutgoingFdMessage, CompletionStage<T>> action) {
		if (this.advice == null) {
			return stage(message, action);
		}
		Sending sending = this.advice.begin(this.destination, operation, message);
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
