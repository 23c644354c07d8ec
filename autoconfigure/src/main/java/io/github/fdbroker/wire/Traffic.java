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

package io.github.fdbroker.wire;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.github.fdbroker.FdMessage;

/**
 * Counts the messages and descriptors that are sent and received, by a peer or by a
 * socket. Safe for use by several threads.
 */
public final class Traffic {

	private final LongAdder messagesSent = new LongAdder();

	private final LongAdder descriptorsSent = new LongAdder();

	private final LongAdder messagesReceived = new LongAdder();

	private final LongAdder descriptorsReceived = new LongAdder();

	/**
	 * Count what another peer has exchanged.
	 * @param other the messages and descriptors of that peer
	 */
	public void add(Traffic other) {
		this.messagesSent.add(other.messagesSent());
		this.descriptorsSent.add(other.descriptorsSent());
		this.messagesReceived.add(other.messagesReceived());
		this.descriptorsReceived.add(other.descriptorsReceived());
	}

	/**
	 * Count messages that were sent.
	 * @param messages the messages
	 */
	public void sent(List<OutgoingMessage> messages) {
		for (OutgoingMessage message : messages) {
			sent(message.attachments().size());
		}
	}

	/**
	 * Count a message that was sent.
	 * @param descriptors how many descriptors it had
	 */
	public void sent(int descriptors) {
		this.messagesSent.increment();
		this.descriptorsSent.add(descriptors);
	}

	/**
	 * Count a message that was received.
	 * @param message the message
	 */
	public void received(FdMessage message) {
		this.messagesReceived.increment();
		this.descriptorsReceived.add(message.descriptors().size());
	}

	/**
	 * Return how many messages were sent.
	 * @return the number
	 */
	public long messagesSent() {
		return this.messagesSent.sum();
	}

	/**
	 * Return how many descriptors were sent.
	 * @return the number
	 */
	public long descriptorsSent() {
		return this.descriptorsSent.sum();
	}

	/**
	 * Return how many messages were received.
	 * @return the number
	 */
	public long messagesReceived() {
		return this.messagesReceived.sum();
	}

	/**
	 * Return how many descriptors were received.
	 * @return the number
	 */
	public long descriptorsReceived() {
		return this.descriptorsReceived.sum();
	}

}
