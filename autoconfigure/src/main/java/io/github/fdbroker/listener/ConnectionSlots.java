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
import java.util.concurrent.Semaphore;

/**
 * How many connections a socket may have, and how many of them one user.
 */
final class ConnectionSlots {

	private final Semaphore free;

	private final int perUser;

	private final Map<Long, Integer> users = new HashMap<>();

	ConnectionSlots(int total, int perUser) {
		this.free = new Semaphore(total);
		this.perUser = perUser;
	}

	/**
	 * Wait until there may be one more connection, and take its place.
	 */
	void acquire() throws InterruptedException {
		this.free.acquire();
	}

	/**
	 * Give back a place that no user has taken.
	 */
	void release() {
		this.free.release();
	}

	/**
	 * Give the place to a user.
	 * @return {@code false} if the user has all places it may have
	 */
	synchronized boolean assign(long uid) {
		int taken = this.users.getOrDefault(uid, 0);
		if (taken >= this.perUser) {
			return false;
		}
		this.users.put(uid, taken + 1);
		return true;
	}

	/**
	 * Give back a place that a user had.
	 */
	synchronized void release(long uid) {
		this.users.computeIfPresent(uid, (key, taken) -> (taken > 1) ? taken - 1 : null);
		release();
	}

}
