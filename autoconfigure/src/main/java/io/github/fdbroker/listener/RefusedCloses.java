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
import java.util.concurrent.TimeUnit;

/**
 * Counts the refused connections of all sockets that are being closed, by user. What a
 * user left in them may make the closing hang. Safe for use by several threads.
 */
final class RefusedCloses {

	private static final int PER_USER = 96;

	private final Map<Long, User> users = new HashMap<>();

	private int pending;

	synchronized void begin(long uid) {
		this.users.computeIfAbsent(uid, (key) -> new User()).pending++;
		this.pending++;
	}

	synchronized void end(long uid) {
		User user = this.users.computeIfAbsent(uid, (key) -> new User());
		user.pending--;
		user.ended++;
		this.pending--;
		if (user.pending == 0) {
			this.users.remove(uid);
		}
		notifyAll();
	}

	synchronized int pending() {
		return this.pending;
	}

	synchronized int pending(long uid) {
		User user = this.users.get(uid);
		return (user != null) ? user.pending : 0;
	}

	/**
	 * Wait until a user has room.
	 * @param spare how many more closes may hang than those of one user
	 * @param millis how long to wait
	 * @return {@code false} if none of the closes has ended in that time
	 */
	synchronized boolean awaitRoom(long uid, int spare, long millis) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		int ended = ended(uid);
		long left = millis;
		while (isFull(uid, spare) && left > 0) {
			wait(left);
			if (ended(uid) != ended) {
				return true;
			}
			left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
		}
		return !isFull(uid, spare);
	}

	/**
	 * Whether a user has so many closes under way that another one has to wait. A user
	 * whose closes hang does not wait again: that would hold up others.
	 */
	synchronized boolean isFull(long uid, int spare) {
		User user = this.users.get(uid);
		return user != null && user.pending >= PER_USER && !user.hanging
				|| this.pending >= PER_USER + Math.max(PER_USER, spare);
	}

	/**
	 * Note that the closes of a user hang.
	 * @return {@code false} if that is known already
	 */
	synchronized boolean hang(long uid) {
		User user = this.users.get(uid);
		if (user == null || user.pending < PER_USER || user.hanging) {
			return false;
		}
		user.hanging = true;
		return true;
	}

	private int ended(long uid) {
		User user = this.users.get(uid);
		return (user != null) ? user.ended : -1;
	}

	/**
	 * The closes of one user.
	 */
	private static final class User {

		private int pending;

		private int ended;

		/** Until all of them have ended. */
		private boolean hanging;

	}

}
