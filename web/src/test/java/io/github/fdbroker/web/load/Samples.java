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

package io.github.fdbroker.web.load;

import java.util.Arrays;

/**
 * When requests ended and how long they took, in nanoseconds.
 */
final class Samples {

	private static final int INITIAL = 1 << 14;

	private long[] ends = new long[INITIAL];

	private long[] latencies = new long[INITIAL];

	private volatile int count;

	void add(long begin, long end) {
		int index = this.count;
		if (index == this.ends.length) {
			this.ends = Arrays.copyOf(this.ends, 2 * index);
			this.latencies = Arrays.copyOf(this.latencies, 2 * index);
		}
		this.ends[index] = end;
		this.latencies[index] = end - begin;
		this.count = index + 1;
	}

	int count() {
		return this.count;
	}

	long end(int index) {
		return this.ends[index];
	}

	long latency(int index) {
		return this.latencies[index];
	}

}
