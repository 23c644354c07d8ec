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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdChild;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Calls a handler with the messages of a child, one after the other, and sends what it
 * replies.
 *
 * @param child the child
 * @param handler the handler
 * @param connection where the messages come from and the replies go to
 * @param messenger what makes replies ready to be sent
 */
record HandlerLoop(FdChild child, FdChild.Handler handler, ChildConnection connection,
		Messenger messenger) implements Runnable {

	private static final Log logger = LogFactory.getLog(HandlerLoop.class);

	@Override
	public void run() {
		Envelope envelope = this.connection.take(null);
		while (envelope != null) {
			handle(envelope);
			envelope = this.connection.take(null);
		}
	}

	private void handle(Envelope envelope) {
		try (FdMessage message = this.messenger.composer().received(envelope.message())) {
			reply(envelope, this.handler.handle(message, this.child));
		}
		catch (Throwable ex) {
			logger.error("The handler of " + this.connection + " failed", ex);
			fail(envelope, ex);
		}
		finally {
			// An interrupt was for this message: others still come.
			Thread.interrupted();
		}
	}

	private void reply(Envelope envelope, @Nullable OutgoingFdMessage value) {
		OutgoingFdMessage reply = (value != null) ? value : OutgoingFdMessage.builder().build();
		try {
			if (this.connection.isWanted(envelope, value)) {
				send(envelope, reply);
			}
		}
		finally {
			this.messenger.composer().sources().giveUp(reply.attachments());
		}
	}

	private void send(Envelope envelope, OutgoingFdMessage reply) {
		try (OutgoingMessage outgoing = this.messenger.composer().composeToHandOver(reply)) {
			this.connection.reply(envelope, outgoing);
		}
		catch (FdConnectException | FdTimeoutException ex) {
			logger.debug("The child was gone before its reply", ex);
		}
	}

	private void fail(Envelope envelope, Throwable failure) {
		try {
			this.connection.fail(envelope, failure);
		}
		catch (RuntimeException ex) {
			logger.debug("The child was gone before its reply", ex);
		}
	}

}
