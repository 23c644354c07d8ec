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

package io.github.fdbroker.child;

import java.time.Duration;

import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireLimits;

/**
 * How to talk to children of one name.
 *
 * @param name the name
 * @param format the format of the messages
 * @param limits what a child may send
 * @param sendTimeout how long a send waits for room, zero for ever
 * @param replyTimeout how long a request waits for its reply
 * @param maxPending how many messages may wait to be received or handled
 */
public record ChildSettings(String name, Format format, WireLimits limits, Duration sendTimeout, Duration replyTimeout,
		int maxPending) {

}
