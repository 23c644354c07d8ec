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

package io.github.fdbroker.takeover;

import java.time.Duration;
import java.time.Instant;

/**
 * A take-over that has ended.
 *
 * @param at when it ended
 * @param oldPid the id of the process that was taken over from
 * @param newPid the id of the process that took over
 * @param outcome {@link TakeoverStep#COMPLETED}, {@link TakeoverStep#FAILED} or
 * {@link TakeoverStep#TAKEN_BACK}
 * @param took how long it took
 */
public record TakeoverRecord(Instant at, long oldPid, long newPid, TakeoverStep outcome, Duration took) {

	static TakeoverRecord parse(String line) {
		String[] parts = line.split(" ");
		return new TakeoverRecord(Instant.parse(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]),
				TakeoverStep.valueOf(parts[3]), Duration.parse(parts[4]));
	}

	String line() {
		return "%s %d %d %s %s".formatted(this.at, this.oldPid, this.newPid, this.outcome, this.took);
	}

}
