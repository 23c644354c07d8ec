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

package io.github.fdbroker.child;

import io.github.fdbroker.FdSender;
import io.github.fdbroker.listener.MessageHandling;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.security.PeerLog.Kind;
import io.github.fdbroker.system.PrintableText;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * Passes the messages of a child to its handler, one after the other. Interrupts do not
 * end the loop, because a handler may leave its thread interrupted.
 *
 * @param inbox the messages that wait
 * @param handling calls the handler
 * @param sender the child
 * @param replies the channel for replies
 * @param log logs the failures
 */
record HandlerLoop(Inbox inbox, MessageHandling handling, FdSender sender, ReplyChannel replies,
		PeerLog log) implements Runnable {

	@Override
	public void run() {
		Envelope envelope = this.inbox.await();
		while (envelope != null) {
			handle(envelope);
			envelope = this.inbox.await();
		}
		this.handling.cancel();
	}

	private void handle(Envelope envelope) {
		try {
			this.handling.handle(envelope, this.sender, this.replies);
		}
		catch (RuntimeException ex) {
			this.log.add(Kind.LISTENER, this.sender.toString(),
					"A message of %s was not handled: %s".formatted(this.sender, PrintableText.escape(ex.toString())),
					ex);
		}
	}

}
