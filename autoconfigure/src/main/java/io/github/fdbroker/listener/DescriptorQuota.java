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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Counts received descriptors of all sockets, from recvmsg(2) until they are closed or
 * detached. This includes descriptors in decoders, in messages that wait for delivery, in
 * running listener methods, and those that are being closed. Safe for use by several
 * threads.
 */
public final class DescriptorQuota {

	/**
	 * The default limit for an unfinished message, which holds its descriptors for as
	 * long.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final int perConnection;

	private final int perUser;

	private final int total;

	private final Duration patience;

	private final AtomicInteger held = new AtomicInteger();

	private final @Nullable HeldDescriptors recorded;

	/** Entries are never removed, because there are few users. */
	private final Map<Long, AtomicInteger> heldByUser = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition released = this.lock.newCondition();

	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * Create the quota.
	 * @param perConnection the limit for one connection, which is not read further when
	 * it is reached
	 * @param perUser the limit for all connections of one user, which are not read
	 * further for a while when it is reached
	 * @param total the limit for this process
	 * @param recorded records what is held, or {@code null}
	 */
	public DescriptorQuota(int perConnection, int perUser, int total, @Nullable HeldDescriptors recorded) {
		this(perConnection, perUser, total, recorded, PATIENCE);
	}

	/**
	 * Create the quota.
	 * @param patience how long the connections of a user at its limit are not read
	 */
	DescriptorQuota(int perConnection, int perUser, int total, @Nullable HeldDescriptors recorded, Duration patience) {
		this.recorded = recorded;
		this.patience = patience;
		this.perConnection = perConnection;
		this.perUser = perUser;
		this.total = total;
	}

	/**
	 * Return how many descriptors are held.
	 * @return the number
	 */
	public int held() {
		return this.held.get();
	}

	/**
	 * Return the record of the descriptors that are held.
	 * @return the record, or {@code null} if there is none
	 */
	@Nullable HeldDescriptors recorded() {
		return this.recorded;
	}

	int perConnection() {
		return this.perConnection;
	}

	int perUser() {
		return this.perUser;
	}

	int total() {
		return this.total;
	}

	/**
	 * Return the count of one user.
	 */
	AtomicInteger ofUser(long uid) {
		return this.heldByUser.computeIfAbsent(uid, (key) -> new AtomicInteger());
	}

	void add(int count) {
		this.held.addAndGet(count);
		if (count < 0 && this.waiting.get() > 0) {
			wake();
		}
	}

	/**
	 * Wake all waiting threads, which check their condition again.
	 */
	void wake() {
		this.lock.lock();
		try {
			this.released.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until a user has room, for a limited time: its next message may be the one
	 * that frees its descriptors.
	 * @param hasRoom the condition to wait for; also {@code true} once waiting is stopped
	 */
	void awaitUser(BooleanSupplier hasRoom) {
		await(hasRoom, this.patience.toNanos());
	}

	/**
	 * Wait until there is room.
	 * @param hasRoom the condition to wait for; also {@code true} once waiting is stopped
	 */
	void await(BooleanSupplier hasRoom) {
		await(hasRoom, Long.MAX_VALUE);
	}

	private void await(BooleanSupplier hasRoom, long nanos) {
		long end = System.nanoTime() + nanos;
		boolean interrupted = false;
		this.waiting.incrementAndGet();
		this.lock.lock();
		try {
			while (!hasRoom.getAsBoolean() && end - System.nanoTime() > 0) {
				interrupted |= isInterruptedBefore(end);
			}
		}
		finally {
			this.lock.unlock();
			this.waiting.decrementAndGet();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean isInterruptedBefore(long end) {
		try {
			this.released.awaitNanos(end - System.nanoTime());
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

}
