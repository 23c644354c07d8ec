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

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Counts the descriptors that arrived and that no listener method has done with yet, for
 * all sockets together. Safe for use by several threads.
 */
public final class HeldDescriptors {

	private final int perConnection;

	private final int perUser;

	private final int total;

	private int held;

	private final Map<Long, Integer> heldByUser = new HashMap<>();

	/**
	 * Create the count.
	 * @param perConnection the most for one connection
	 * @param perUser the most for all connections of one user
	 * @param total the most for this process
	 */
	public HeldDescriptors(int perConnection, int perUser, int total) {
		this.perConnection = perConnection;
		this.perUser = perUser;
		this.total = total;
	}

	/**
	 * Count descriptors in, if they keep all limits.
	 * @param connection how many the connection holds already
	 * @return {@code null} if they are counted in, otherwise the limit they exceed
	 */
	synchronized @Nullable String acquire(long uid, int connection, int count) {
		int user = this.heldByUser.getOrDefault(uid, 0);
		String exceeded = (connection + count > this.perConnection) ? exceeded("per-connection", this.perConnection)
				: (user + count > this.perUser) ? exceeded("per-user", this.perUser)
						: (this.held + count > this.total) ? exceeded("total", this.total) : null;
		if (exceeded == null) {
			this.held += count;
			this.heldByUser.put(uid, user + count);
		}
		return exceeded;
	}

	synchronized void release(long uid, int count) {
		this.held -= count;
		this.heldByUser.computeIfPresent(uid, (key, user) -> (user > count) ? user - count : null);
	}

	/**
	 * Return how many descriptors are held.
	 * @return the number
	 */
	public synchronized int held() {
		return this.held;
	}

	private static String exceeded(String name, int limit) {
		return "%d, see fdbroker.held-descriptors.%s".formatted(limit, name);
	}

}
