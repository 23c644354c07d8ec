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

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Makes messages ready to be sent, and sends them.
 *
 * @param composer what makes messages ready to be sent
 * @param converters what descriptors become
 */
public record Messenger(MessageComposer composer, FdConverters converters) {

	/**
	 * Start a message.
	 * @param destination where it goes
	 * @return the message to complete and send
	 */
	public MessageSpec to(Destination destination) {
		return new DestinationMessageSpec(this, destination);
	}

	void send(Destination destination, OutgoingFdMessage message) {
		try (OutgoingMessage outgoing = this.composer.compose(message)) {
			destination.send(outgoing);
		}
	}

	CompletionStage<Void> sendAsync(Destination destination, OutgoingFdMessage message) {
		try {
			return destination.sendAsync(this.composer.compose(message));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	FdMessage request(Destination destination, OutgoingFdMessage message, Duration timeout) {
		try (OutgoingMessage outgoing = this.composer.compose(message)) {
			return this.composer.handedOut(destination.request(outgoing, timeout));
		}
	}

	CompletionStage<FdMessage> requestAsync(Destination destination, OutgoingFdMessage message, Duration timeout) {
		try {
			AsyncRequest request = new AsyncRequest(this.composer.compose(message),
					(outgoing) -> this.composer.handedOut(destination.request(outgoing, timeout)));
			destination.start(request);
			return request;
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	void handOver(Destination destination, OutgoingFdMessage message) {
		try (OutgoingMessage outgoing = this.composer.composeToHandOver(message)) {
			destination.send(outgoing);
		}
		this.composer.sources().closeHandedOver(message.attachments());
	}

}
