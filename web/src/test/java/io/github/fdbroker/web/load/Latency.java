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
 * How long requests took, in microseconds.
 *
 * @param count how many there were
 * @param p50 what half of them took at most
 * @param p99 what 99 of 100 took at most
 * @param max the longest
 */
public record Latency(long count, long p50, long p99, long max) {

	static Latency of(Histogram times) {
		return new Latency(times.count(), times.quantile(0.5), times.quantile(0.99), times.max());
	}

	static Latency parse(String line) {
		long[] values = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new Latency(values[0], values[1], values[2], values[3]);
	}

	String line() {
		return "%d %d %d %d".formatted(this.count, this.p50, this.p99, this.max);
	}

}
