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

package io.github.fdbroker.listener;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * Sends the reply to one message over the channel of the message. This object owns the
 * descriptors that a method returns, and closes them whether or not the reply can be
 * sent.
 */
final class EnvelopeReply implements FdListenerAdapter.Reply {

	private static final Log logger = LogFactory.getLog(EnvelopeReply.class);

	private final Envelope request;

	private final FdSender sender;

	private final ReplyChannel sink;

	private final ListenerContext context;

	private final MessageComposer composer;

	EnvelopeReply(Envelope request, FdSender sender, ReplyChannel sink, ListenerContext context) {
		this.request = request;
		this.sender = sender;
		this.sink = sink;
		this.context = context;
		this.composer = context.services().composer();
	}

	@Override
	public void succeed(@Nullable Object value) {
		if (value == null && !isWanted(null)) {
			return;
		}
		OutgoingFdMessage reply = reply(value);
		try {
			sendOrFail(reply, isWanted(value));
		}
		finally {
			this.composer.sources().closeHandedOver(reply.attachments());
		}
	}

	private void sendOrFail(OutgoingFdMessage reply, boolean wanted) {
		try {
			if (wanted) {
				send(reply);
			}
		}
		catch (FdConnectException | FdTimeoutException ex) {
			dropped(ex);
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
			throw ex;
		}
	}

	@Override
	public void fail(Throwable failure) {
		if (!this.sink.replies().repliesToAll()) {
			this.sink.shutdown();
		}
		else if (this.request.kind() == MessageKind.REQUEST) {
			sendError((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
					: failure);
		}
	}

	private void sendError(Throwable failure) {
		try {
			this.sink.send(OutgoingMessage.error(this.request.correlation(), failure));
			this.context.counters().traffic().sent(0);
		}
		catch (FdConnectException | FdTimeoutException ex) {
			dropped(ex);
		}
	}

	private void dropped(FdException failure) {
		logger.debug("The peer closed its socket before the reply was sent", failure);
		if (failure instanceof FdTimeoutException) {
			this.context.refusals()
				.replyDropped(this.sender.credentials(), "A reply is dropped: " + failure.getMessage());
		}
	}

	private boolean isWanted(@Nullable Object value) {
		return this.request.kind() == MessageKind.REQUEST && (value != null || this.sink.replies().repliesToAll());
	}

	private void send(OutgoingFdMessage reply) {
		try (OutgoingMessage outgoing = this.composer.composeToHandOver(reply)) {
			this.sink.send(outgoing.asReply(this.request.correlation()));
			this.context.counters().traffic().sent(outgoing.attachments().size());
		}
	}

	/**
	 * Convert the return value of a method to a message.
	 */
	private OutgoingFdMessage reply(@Nullable Object value) {
		if (value == null) {
			return OutgoingFdMessage.builder().build();
		}
		if (value instanceof OutgoingFdMessage message) {
			return message;
		}
		if (value instanceof FdMessage received) {
			return OutgoingFdMessage.forward(received);
		}
		FdSources sources = this.composer.sources();
		boolean isDescriptor = sources.isSource(value) || value instanceof Collection<?> values && areSources(values)
				|| value instanceof Map<?, ?> named && areSources(named.values());
		return isDescriptor ? OutgoingFdMessage.builder().descriptor(value).build() : OutgoingFdMessage.of(value);
	}

	private boolean areSources(Collection<?> values) {
		return !values.isEmpty() && values.stream().allMatch(this.composer.sources()::isSource);
	}

}
