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
import java.util.concurrent.CompletionStage;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A peer or a child, to which messages can be sent.
 */
public interface Destination {

	/**
	 * Return the name of the receiver.
	 * @return the name
	 */
	default String name() {
		return settings().name();
	}

	/**
	 * Return the name of the receiver for metrics.
	 * @return the name, which several receivers may share
	 */
	default String group() {
		return name();
	}

	/**
	 * Return whether messages can have headers.
	 * @return {@code false} if the format has none
	 */
	default boolean hasHeaders() {
		return settings().wireFormat().hasHeaders();
	}

	/**
	 * Return whether a send waits until the receiver has finished.
	 * @return {@code false} if a send ends as soon as the kernel has accepted the message
	 */
	default boolean acknowledges() {
		return false;
	}

	/**
	 * Send a message.
	 * @param message the message, which the caller has to close
	 */
	void send(OutgoingMessage message);

	/**
	 * Send a message without waiting.
	 * @param message the message, which is closed once it was sent or failed
	 * @return completed when it was sent
	 */
	CompletionStage<Void> sendAsync(OutgoingMessage message);

	/**
	 * Send a request, and wait for the reply.
	 * @param message the request, which the caller has to close
	 * @param timeout how long to wait
	 * @return the reply
	 */
	FdMessage request(OutgoingMessage message, Duration timeout);

	/**
	 * Start a request on another thread.
	 * @param request the request
	 */
	void start(AsyncRequest request);

	/**
	 * Return how messages are exchanged.
	 * @return the settings
	 */
	DestinationSettings settings();

}
