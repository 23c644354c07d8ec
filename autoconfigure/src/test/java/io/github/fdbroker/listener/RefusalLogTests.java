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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefusalLog}.
 */
class RefusalLogTests {

	private final List<String> lines = new ArrayList<>();

	private long now = Long.MAX_VALUE;

	private final RefusalLog log = new RefusalLog(this.lines::add, () -> this.now);

	@Test
	void addWhenTooManyAreRefusedTellsOnceASecondHowManyMore() {
		for (int i = 0; i < 1000; i++) {
			this.log.add("refused " + i);
			this.now += TimeUnit.MILLISECONDS.toNanos(5);
		}
		assertThat(this.lines).containsExactly("refused 0",
				"refused 200 (and 199 more were refused since the line before)",
				"refused 400 (and 199 more were refused since the line before)",
				"refused 600 (and 199 more were refused since the line before)",
				"refused 800 (and 199 more were refused since the line before)");
	}

	@Test
	void addWhenFewAreRefusedTellsOfEach() {
		this.log.add("one");
		this.now += TimeUnit.SECONDS.toNanos(1);
		this.log.add("two");
		this.now += TimeUnit.HOURS.toNanos(1);
		this.log.add("three");
		assertThat(this.lines).containsExactly("one", "two", "three");
	}

}
