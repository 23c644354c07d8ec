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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.Envelope;

/**
 * The messages that were received and wait to be taken. It owns them until then.
 */
final class Inbox {

	private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

	private final int capacity;

	private final Deque<Envelope> messages = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean ended;

	/**
	 * Create an inbox.
	 * @param capacity the maximum number of messages that wait
	 */
	Inbox(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Add a message once there is room. After the end, the message is closed instead.
	 */
	void put(Envelope envelope) {
		this.lock.lock();
		try {
			while (!this.ended && this.messages.size() >= this.capacity) {
				this.changed.awaitUninterruptibly();
			}
			if (this.ended) {
				envelope.message().close();
			}
			else {
				this.messages.add(envelope);
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for the first message. Interrupts are ignored.
	 * @return the message, or {@code null} after the end
	 */
	@Nullable Envelope await() {
		this.lock.lock();
		try {
			while (!this.ended && this.messages.isEmpty()) {
				this.changed.awaitUninterruptibly();
			}
			this.changed.signalAll();
			return this.messages.poll();
		}
		finally {
			this.lock.unlock();
			boolean ignored = Thread.interrupted();
		}
	}

	/**
	 * Take the first message, waiting for it.
	 * @param timeout how long to wait, or {@code null} for no limit
	 * @return the message, or {@code null} after the end
	 * @throws FdTimeoutException if no message comes in time
	 */
	@Nullable Envelope take(@Nullable Duration timeout) {
		this.lock.lock();
		try {
			awaitMessage((timeout != null) ? timeout : UNLIMITED);
			this.changed.signalAll();
			return this.messages.poll();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdException("Interrupted while waiting for a message", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitMessage(Duration timeout) throws InterruptedException {
		long remaining = TimeUnit.NANOSECONDS.convert(timeout);
		while (!this.ended && this.messages.isEmpty()) {
			if (remaining <= 0) {
				throw new FdTimeoutException("No message came within " + timeout.toMillis() + " ms");
			}
			remaining = this.changed.awaitNanos(remaining);
		}
	}

	/**
	 * Accept no more messages. Those that wait can still be taken.
	 */
	void end() {
		this.lock.lock();
		try {
			this.ended = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Accept no more messages, and drop those that wait.
	 */
	void close() {
		this.lock.lock();
		try {
			end();
			this.messages.forEach((envelope) -> envelope.message().close());
			this.messages.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

}
