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

package io.github.fdbroker.security;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Limits the number of lines logged within any second. Half of them are reserved for
 * lines of a kind that was not logged within that second.
 */
final class LineRate {

	static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final long[] taken;

	private long count;

	LineRate(int lines) {
		this.taken = new long[lines];
	}

	synchronized boolean isFree(long now, boolean first) {
		long recent = Math.min(this.count, this.taken.length) - Arrays.stream(this.taken)
			.limit(Math.min(this.count, this.taken.length))
			.filter((time) -> now - time >= WINDOW_NANOS)
			.count();
		return recent < (first ? this.taken.length : this.taken.length / 2);
	}

	synchronized boolean tryAcquire(long now, boolean first) {
		boolean free = isFree(now, first);
		if (free) {
			this.taken[(int) (this.count++ % this.taken.length)] = now;
		}
		return free;
	}

}
