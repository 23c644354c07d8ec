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

package io.github.fdbroker.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * The figures of the rounds of one measurement; rounds below zero warm up and do not
 * count.
 */
final class Rounds {

	private final String name;

	private final String unit;

	private final List<Double> values = new ArrayList<>();

	private final List<Double> ratios = new ArrayList<>();

	Rounds(String name, String unit) {
		this.name = name;
		this.unit = unit;
	}

	void add(int round, double value, double peer) {
		if (round >= 0) {
			this.values.add(value);
			this.ratios.add(value / peer);
		}
	}

	/**
	 * Add a figure that no peer has.
	 */
	void add(int round, double value) {
		if (round >= 0) {
			this.values.add(value);
		}
	}

	String line() {
		String start = String.join("\t", this.name, Benchmark.format(median(this.values)), this.unit);
		return this.ratios.isEmpty() ? start + "\t-\t-\t-"
				: String.join("\t", start, Benchmark.format(median(this.ratios)),
						Benchmark.format(this.ratios.stream().min(Double::compare).orElseThrow()),
						Benchmark.format(this.ratios.stream().max(Double::compare).orElseThrow()));
	}

	private static double median(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

}
