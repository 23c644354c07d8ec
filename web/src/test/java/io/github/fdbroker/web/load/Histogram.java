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

/**
 * How many requests took how long, in memory that does not grow with them. A time that is
 * read is less than 1 % too long.
 */
final class Histogram {

	/** Of each power of two, the counters. */
	private static final int PARTS = 128;

	/** Enough for years. */
	private static final int POWERS = 48;

	private final long[] counts = new long[PARTS * POWERS];

	private long count;

	private long max;

	void add(long micros) {
		this.counts[index(micros)]++;
		this.count++;
		this.max = Math.max(this.max, micros);
	}

	void add(Histogram other) {
		for (int i = 0; i < this.counts.length; i++) {
			this.counts[i] += other.counts[i];
		}
		this.count += other.count;
		this.max = Math.max(this.max, other.max);
	}

	long count() {
		return this.count;
	}

	long max() {
		return this.max;
	}

	/**
	 * Return the time that a part of the requests took at most.
	 */
	long quantile(double part) {
		long rank = Math.max(1, (long) Math.ceil(part * this.count));
		long seen = 0;
		for (int i = 0; i < this.counts.length; i++) {
			seen += this.counts[i];
			if (seen >= rank) {
				return Math.min(this.max, longest(i));
			}
		}
		return 0;
	}

	private static int index(long micros) {
		int shift = shift(micros);
		return PARTS * shift + (int) (micros >>> shift);
	}

	private static int shift(long micros) {
		return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros / (2 * PARTS)));
	}

	/**
	 * Return the longest time that is counted at an index.
	 */
	private static long longest(int index) {
		int shift = Math.max(0, index / PARTS - 1);
		return ((index - PARTS * shift + 1L) << shift) - 1;
	}

}
