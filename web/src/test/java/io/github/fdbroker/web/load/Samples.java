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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * How long the requests of a thread took. The latest ones wait until it is known whether
 * something happens soon after them; of the others only histograms are kept.
 */
final class Samples {

	private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final LongPredicate around;

	private final Queue<Sample> latest = new ArrayDeque<>();

	private final Histogram aroundTimes = new Histogram();

	private final Histogram steadyTimes = new Histogram();

	private volatile int count;

	/**
	 * Create samples.
	 * @param around whether something happened around a time
	 */
	Samples(LongPredicate around) {
		this.around = around;
	}

	void add(long begin, long end) {
		this.latest.add(new Sample(end, TimeUnit.NANOSECONDS.toMicros(end - begin)));
		this.count = this.count + 1;
		while (end - this.latest.element().end() > WAIT_NANOS) {
			sort(this.latest.remove());
		}
	}

	private void sort(Sample sample) {
		(this.around.test(sample.end()) ? this.aroundTimes : this.steadyTimes).add(sample.micros());
	}

	int count() {
		return this.count;
	}

	/**
	 * Return the times of all requests, of which there are no further ones.
	 * @param around of those around something that happened, or of the others
	 */
	Histogram times(boolean around) {
		this.latest.forEach(this::sort);
		this.latest.clear();
		return around ? this.aroundTimes : this.steadyTimes;
	}

	/**
	 * A request.
	 *
	 * @param end when it ended, in nanoseconds
	 * @param micros how long it took
	 */
	private record Sample(long end, long micros) {

	}

}
