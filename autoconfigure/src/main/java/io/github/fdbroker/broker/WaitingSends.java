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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.FdLimitException;

/**
 * The messages that wait to be sent to one peer or child, in order and up to a limit, and
 * those that were sent or failed and wait to be completed. Any thread may add messages
 * and complete them; one thread at a time may take them.
 */
final class WaitingSends {

	private final DestinationSettings settings;

	private final WaitingDescriptors descriptors;

	private final Queue<PendingSend> waiting = new ConcurrentLinkedQueue<>();

	/** Sent or failed, to be completed by a thread that holds no lock. */
	private final Queue<PendingSend> done = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	WaitingSends(DestinationSettings settings, WaitingDescriptors descriptors) {
		this.settings = settings;
		this.descriptors = descriptors;
	}

	/**
	 * Return how much waits, each message counted once for each of its descriptors.
	 */
	int count() {
		return this.pending.get();
	}

	/**
	 * Return whether nothing waits, neither to be sent nor to be completed.
	 */
	boolean isIdle() {
		return this.waiting.isEmpty() && this.done.isEmpty();
	}

	boolean hasNext() {
		return !this.waiting.isEmpty();
	}

	boolean hasDone() {
		return !this.done.isEmpty();
	}

	/**
	 * Add a message, or record why it cannot wait.
	 * @return {@code false} if a limit would be exceeded
	 */
	boolean add(PendingSend send) {
		if (!addDescriptors(send) || !addPending(send)) {
			return false;
		}
		this.waiting.add(send);
		return true;
	}

	private boolean addDescriptors(PendingSend send) {
		boolean added = this.descriptors.add(send.descriptors());
		if (!added) {
			send.fail(new FdLimitException(
					"Messages with more than %d descriptors, half of RLIMIT_NOFILE, would wait to be sent to %s and all others"
						.formatted(this.descriptors.limit(), this.settings.label())));
		}
		return added;
	}

	private boolean addPending(PendingSend send) {
		int others = this.pending.getAndAdd(send.weight());
		boolean added = others == 0 || others + send.weight() <= this.settings.maxPendingSends();
		if (!added) {
			remove(send);
			send.fail(new FdLimitException(
					"%d messages wait to be sent to %s, a message with several descriptors counted once per descriptor, see %s"
						.formatted(others, this.settings.label(), this.settings.property("max-pending-sends"))));
		}
		return added;
	}

	private void remove(PendingSend send) {
		this.pending.addAndGet(-send.weight());
		this.descriptors.remove(send.descriptors());
	}

	/**
	 * Take the next message, and those that can be sent with it.
	 */
	SendBatch take() {
		return SendBatch.take(this.waiting, this.settings.wireFormat().batchDescriptors(),
				this.settings.wireFormat().batchBytes());
	}

	/**
	 * Keep messages that were sent or failed until they are completed.
	 */
	void done(SendBatch batch) {
		this.done.addAll(batch.sends());
	}

	/**
	 * Fail the messages that were queued before an attempt to connect that failed.
	 */
	void failOlderThan(long start, Throwable failure) {
		PendingSend next = this.waiting.peek();
		while (next != null && next.isOlderThan(start)) {
			next.fail(failure);
			this.done.add(this.waiting.remove());
			next = this.waiting.peek();
		}
	}

	/**
	 * Complete the messages. Dependent actions may send more, so release their room
	 * first.
	 */
	void settle() {
		PendingSend send = this.done.poll();
		while (send != null) {
			remove(send);
			send.settle();
			send = this.done.poll();
		}
	}

}
