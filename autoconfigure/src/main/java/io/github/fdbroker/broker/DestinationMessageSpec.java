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
import java.util.function.Function;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A message that is being built for a destination.
 */
final class DestinationMessageSpec extends MessageExchange implements MessageSpec {

	private final Destination destination;

	private final OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();

	private Duration timeout;

	DestinationMessageSpec(Messenger messenger, Destination destination) {
		super(messenger.composer(), messenger.advice(), destination);
		this.destination = destination;
		this.timeout = destination.settings().replyTimeout();
	}

	@Override
	public MessageSpec payload(Object payload) {
		this.message.payload(payload);
		return this;
	}

	@Override
	public MessageSpec header(String name, Object value) {
		this.message.header(name, value);
		return this;
	}

	@Override
	public MessageSpec descriptor(Object source) {
		this.message.descriptor(source);
		return this;
	}

	@Override
	public MessageSpec descriptor(String name, Object source) {
		this.message.descriptor(name, source);
		return this;
	}

	@Override
	public MessageSpec message(OutgoingFdMessage message) {
		this.message.message(message);
		return this;
	}

	@Override
	public MessageSpec timeout(Duration timeout) {
		Assert.notNull(timeout, "'timeout' must not be null");
		this.timeout = timeout;
		return this;
	}

	@Override
	public void send() {
		send(this.message.build(), composer()::compose);
	}

	@Override
	public CompletionStage<Void> sendAsync() {
		return observeStage("send", this.message.build(),
				(observed) -> this.destination.sendAsync(composer().compose(observed)));
	}

	@Override
	public FdMessage request() {
		return observe("request", this.message.build(), (observed) -> {
			try (OutgoingMessage outgoing = composer().compose(observed)) {
				return exchange(outgoing);
			}
		});
	}

	@Override
	public CompletionStage<FdMessage> requestAsync() {
		return observeStage("request", this.message.build(), (observed) -> {
			AsyncRequest request = new AsyncRequest(composer().compose(observed), this::exchange);
			this.destination.start(request);
			return request;
		});
	}

	@Override
	public <T> T requestPayload(Class<T> type) {
		return requestPayload(ParameterizedTypeReference.forType(type));
	}

	@Override
	public <T> T requestPayload(ParameterizedTypeReference<T> type) {
		try (FdMessage reply = request()) {
			return reply.payload(type);
		}
	}

	@Override
	public <T> T requestDescriptor(Class<T> type) {
		try (FdMessage reply = request()) {
			return reply.descriptor(0).into(type);
		}
	}

	@Override
	public void handOver() {
		OutgoingFdMessage message = this.message.build();
		send(message, composer()::composeToHandOver);
		composer().sources().closeHandedOver(message.attachments());
	}

	private void send(OutgoingFdMessage message, Function<OutgoingFdMessage, OutgoingMessage> composing) {
		observe("send", message, (observed) -> {
			try (OutgoingMessage outgoing = composing.apply(observed)) {
				this.destination.send(outgoing);
			}
			return observed;
		});
	}

	private FdMessage exchange(OutgoingMessage outgoing) {
		return composer().handedOut(this.destination.request(outgoing, this.timeout));
	}

}
