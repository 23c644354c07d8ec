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

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.github.fdbroker.wire.Traffic;

/**
 * Counts the events on one socket since the application started. Safe for use by several
 * threads.
 */
public final class ContainerCounters {

	private final LongAdder connections = new LongAdder();

	private final Traffic traffic = new Traffic();

	private final LongAdder repliesDropped = new LongAdder();

	private final LongAdder[] refusals = Stream.generate(LongAdder::new)
		.limit(RejectionReason.values().length)
		.toArray(LongAdder[]::new);

	ContainerCounters() {
	}

	void connectionAccepted() {
		this.connections.increment();
	}

	void refused(RejectionReason refusal) {
		this.refusals[refusal.ordinal()].increment();
	}

	void replyDropped() {
		this.repliesDropped.increment();
	}

	/**
	 * Return what was received, and sent as replies.
	 * @return the messages and descriptors
	 */
	public Traffic traffic() {
		return this.traffic;
	}

	/**
	 * Return how many replies were dropped because the requester did not receive them.
	 * @return the number
	 */
	public long repliesDropped() {
		return this.repliesDropped.sum();
	}

	/**
	 * Return how many connections were accepted and admitted.
	 * @return the number
	 */
	public long connections() {
		return this.connections.sum();
	}

	/**
	 * Return how many connections and messages were refused, or connections ended by this
	 * side, for a reason.
	 * @param reason the reason
	 * @return the number
	 */
	public long refusals(RejectionReason reason) {
		return this.refusals[reason.ordinal()].sum();
	}

}
