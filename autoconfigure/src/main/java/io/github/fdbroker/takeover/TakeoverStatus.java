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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The state of take-overs in this process.
 *
 * @param pid the id of this process
 * @param generation how many take-overs were completed up to this process
 * @param since when this process began to serve, or {@code null} if it does not yet
 * @param step the latest step of the take-over that is under way, or {@code null}
 * @param history the take-overs that have ended, the latest one last
 */
public record TakeoverStatus(long pid, long generation, @Nullable Instant since, @Nullable TakeoverStep step,
		List<TakeoverRecord> history) {

}
