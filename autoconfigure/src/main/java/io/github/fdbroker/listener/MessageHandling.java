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

import io.github.fdbroker.FdSender;
import io.github.fdbroker.system.PlatformThreads;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * Calls a handler with the messages of a connection that was not accepted on a socket,
 * such as that of a child, and sends the replies of the handler.
 */
public final class MessageHandling {

	private final InFlight inFlight;

	MessageHandling(ListenerContext context) {
		this.inFlight = new InFlight(context,
				new SerialExecutor((task) -> context.services()
					.threads()
					.factory(context.threadPrefix() + "reply-")
					.newThread(task)
					.start()),
				PlatformThreads::run);
	}

	/**
	 * Call the handler.
	 * @param envelope the message, which belongs to this method
	 * @param sender the sender of the message
	 * @param replies where replies go
	 */
	public void handle(Envelope envelope, FdSender sender, ReplyChannel replies) {
		this.inFlight.deliver(envelope, sender, replies);
	}

	/**
	 * Cancel the pending results.
	 */
	public void cancel() {
		this.inFlight.cancel();
	}

}
