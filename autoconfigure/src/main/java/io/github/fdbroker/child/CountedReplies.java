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

import io.github.fdbroker.wire.Correlation;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.ReplyChannel;
import io.github.fdbroker.wire.Traffic;

/**
 * The channel for replies to a child, which counts them.
 *
 * @param channel the channel
 * @param traffic counts the replies
 */
record CountedReplies(ReplyChannel channel, Traffic traffic) implements ReplyChannel {

	@Override
	public Correlation replies() {
		return this.channel.replies();
	}

	@Override
	public void send(OutgoingMessage reply) {
		this.channel.send(reply);
		this.traffic.sent(reply.attachments().size());
	}

	@Override
	public void shutdown() {
		this.channel.shutdown();
	}

	@Override
	public boolean hasPeerLeft() {
		return this.channel.hasPeerLeft();
	}

	@Override
	public String toString() {
		return this.channel.toString();
	}

}
