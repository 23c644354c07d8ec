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

package io.github.fdbroker.socket;

import java.util.concurrent.TimeUnit;

/**
 * The time until which a call waits.
 *
 * @param end the time, as {@link System#nanoTime()} has it
 * @param limited whether there is such a time
 */
record Deadline(long end, boolean limited) {

	/**
	 * Create a deadline that begins now.
	 * @param timeoutMillis how long to wait, 0 for no limit
	 */
	Deadline(long timeoutMillis) {
		this(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis), timeoutMillis > 0);
	}

	boolean isOver() {
		return this.limited && this.end - System.nanoTime() <= 0;
	}

	/**
	 * Return how long to wait, -1 for no limit.
	 */
	long remainingMillis() {
		return this.limited ? 1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, this.end - System.nanoTime())) : -1;
	}

}
