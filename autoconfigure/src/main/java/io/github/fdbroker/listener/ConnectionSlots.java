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

import org.jspecify.annotations.Nullable;

/**
 * Limits the number of connections of a socket, in total and per user.
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
	 * Wait until one more connection is permitted, and reserve a slot for it.
	 */
	Slot acquire() throws InterruptedException {
		this.free.acquire();
		return new Slot();
	}

	/**
	 * The slot of one connection.
	 */
	final class Slot {

		private @Nullable Long owner;

		private boolean released;

		/**
		 * Assign the slot to a user.
		 * @return {@code false} if the user has reached its limit
		 */
		boolean assign(long uid) {
			synchronized (ConnectionSlots.this.users) {
				int taken = ConnectionSlots.this.users.getOrDefault(uid, 0);
				if (taken >= ConnectionSlots.this.perUser) {
					return false;
				}
				ConnectionSlots.this.users.put(uid, taken + 1);
				this.owner = uid;
				return true;
			}
		}

		/**
		 * Release the slot. Has no effect if it was released before.
		 */
		void release() {
			synchronized (ConnectionSlots.this.users) {
				if (this.released) {
					return;
				}
				this.released = true;
				if (this.owner != null) {
					ConnectionSlots.this.users.computeIfPresent(this.owner,
							(key, taken) -> (taken > 1) ? taken - 1 : null);
				}
			}
			ConnectionSlots.this.free.release();
		}

	}

}
