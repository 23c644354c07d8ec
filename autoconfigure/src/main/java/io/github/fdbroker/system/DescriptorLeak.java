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

package io.github.fdbroker.system;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A descriptor whose owner was garbage-collected without having been closed.
 *
 * @param number the number of the descriptor, which is closed
 * @param target what the kernel calls the file, socket or pipe
 * @param origin the connection or peer that it came from
 * @param since when it was handed out
 * @param creation where it was handed out, {@code null} if that was not recorded
 */
public record DescriptorLeak(int number, String target, String origin, Instant since, @Nullable Throwable creation) {
}
