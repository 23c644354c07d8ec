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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.security.PeerLog.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Log lines that peers cause are limited in rate.
 */
class PeerLogTests {

	private final List<String> lines = new ArrayList<>();

	private final List<Throwable> traces = new ArrayList<>();

	private final LineRate all = new LineRate(20);

	private long now = Long.MAX_VALUE;

	private final PeerLog log = log();

	@Test
	void addWhenOneKindFloodsSaysHowManyWereLeftOutAndWhoCausedMost() {
		for (int i = 0; i < 1000; i++) {
			this.log.add(Kind.REFUSED, (i % 10 == 0) ? "uid 1" : "uid 2", "refused " + i);
			this.now += TimeUnit.MILLISECONDS.toNanos(1);
		}
		this.now += TimeUnit.SECONDS.toNanos(1);
		this.log.add(Kind.REFUSED, "uid 3", "one more");
		assertThat(this.lines).containsExactly("refused 0", "refused 1", "refused 2", "refused 3", "refused 4",
				"one more (and 995 more like this since, 896 of them from uid 2)");
	}

	@Test
	void addWhenOneKindFloodsLogsFirstOfOthers() {
		for (Kind kind : Kind.values()) {
			for (int i = 0; i < 1000; i++) {
				this.log.add(kind, null, kind + " " + i);
			}
		}
		assertThat(this.lines).hasSizeLessThanOrEqualTo(10);
		for (Kind kind : Kind.values()) {
			assertThat(this.lines).contains(kind + " 0");
		}
	}

	@Test
	void addWhenManySocketsFloodLogsTwentyLinesInAnySecond() {
		List<Long> times = new ArrayList<>();
		List<PeerLog> sockets = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			sockets.add(log());
		}
		for (int i = 0; i < 10_000; i++) {
			int before = this.lines.size();
			sockets.get(i % 50).add(Kind.values()[i % Kind.values().length], null, "line");
			if (this.lines.size() > before) {
				times.add(this.now);
			}
			this.now += TimeUnit.MICROSECONDS.toNanos(500);
		}
		for (int i = 20; i < times.size(); i++) {
			assertThat(times.get(i) - times.get(i - 20)).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
		}
		assertThat(times).hasSizeBetween(40, 120);
	}

	@Test
	void addWhenFewFailLogsEach() {
		this.log.add(Kind.BAD_INPUT, null, "one");
		this.now += TimeUnit.SECONDS.toNanos(1);
		this.log.add(Kind.BAD_INPUT, null, "two");
		this.now += TimeUnit.HOURS.toNanos(1);
		this.log.add(Kind.BAD_INPUT, null, "three");
		assertThat(this.lines).containsExactly("one", "two", "three");
	}

	@Test
	void addWhenListenerFailsLogsStackTraceOnceAMinuteForEachClass() {
		for (int i = 0; i < 100; i++) {
			this.log.add(Kind.LISTENER, null, "failed", new IllegalStateException());
			this.log.add(Kind.LISTENER, null, "failed", new IllegalArgumentException());
			this.now += TimeUnit.SECONDS.toNanos(1);
		}
		assertThat(this.lines).hasSize(200);
		assertThat(this.traces).hasSize(4);
	}

	private PeerLog log() {
		Log target = new NoOpLog() {

			@Override
			public void warn(Object message) {
				PeerLogTests.this.lines.add((String) message);
			}

			@Override
			public void warn(Object message, Throwable failure) {
				warn(message);
				PeerLogTests.this.traces.add(failure);
			}

		};
		return new PeerLog(target, () -> this.now, this.all);
	}

}
