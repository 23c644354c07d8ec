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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.FdLimitException;

/**
 * Counts the descriptors that arrived and that no listener method has done with yet, for
 * all sockets together. Safe for use by several threads.
 */
public final class DescriptorQuota {

	private final int perConnection;

	private final int perUser;

	private final int total;

	private final AtomicInteger held = new AtomicInteger();

	/** Users are never forgotten: there are few. */
	private final Map<Long, AtomicInteger> heldByUser = new ConcurrentHashMap<>();

	/**
	 * Create the count.
	 * @param perConnection the most for one connection, whose further messages wait
	 * @param perUser the most for all connections of one user
	 * @param total the most for this process
	 */
	public DescriptorQuota(int perConnection, int perUser, int total) {
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
	 * Start the count of one connection of a user.
	 */
	Lease share(long uid) {
		return new Lease(this.heldByUser.computeIfAbsent(uid, (key) -> new AtomicInteger()));
	}

	/**
	 * What one connection holds.
	 */
	final class Lease {

		private final Semaphore free = new Semaphore(DescriptorQuota.this.perConnection);

		private final AtomicInteger user;

		private Lease(AtomicInteger user) {
			this.user = user;
		}

		/**
		 * Count descriptors in, once the connection has done with enough others.
		 * @throws FdLimitException if there are more than the connection may ever hold,
		 * or its user, or the process, would hold too many; nothing is counted then
		 */
		void acquire(int count) throws InterruptedException {
			check("per-connection", count, DescriptorQuota.this.perConnection);
			this.free.acquire(count);
			int ofUser = this.user.addAndGet(count);
			int ofAll = DescriptorQuota.this.held.addAndGet(count);
			try {
				check("per-user", ofUser, DescriptorQuota.this.perUser);
				check("total", ofAll, DescriptorQuota.this.total);
			}
			catch (FdLimitException ex) {
				release(count);
				throw ex;
			}
		}

		void release(int count) {
			this.user.addAndGet(-count);
			DescriptorQuota.this.held.addAndGet(-count);
			this.free.release(count);
		}

		private static void check(String name, int held, int limit) {
			if (held > limit) {
				throw new FdLimitException(
						"Listeners would hold %d descriptors, more than the %d of fdbroker.held-descriptors.%s"
							.formatted(held, limit, name));
			}
		}

	}

}
