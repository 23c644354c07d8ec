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

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells of refused connections, but not more than once a second, so that nobody fills the
 * log by connecting again and again. For use by one thread.
 */
final class RefusalLog {

	private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Consumer<String> log;

	private final LongSupplier nanoTime;

	private long next;

	private int leftOut;

	RefusalLog(Consumer<String> log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.next = nanoTime.getAsLong();
	}

	/**
	 * Tell of a refused connection, or count it until the next one that is told of.
	 */
	void add(String message) {
		long now = this.nanoTime.getAsLong();
		if (now - this.next < 0) {
			this.leftOut++;
			return;
		}
		this.log.accept((this.leftOut > 0)
				? message + " (and " + this.leftOut + " more were refused since the line before)" : message);
		this.next = now + PAUSE_NANOS;
		this.leftOut = 0;
	}

}
