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

package io.github.fdbroker.wire;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;

/**
 * The limits of the messages of one connection.
 *
 * @param prefix the prefix of the properties with these limits, such as
 * {@code fdbroker.sockets.handoff}
 * @param messageBytes the maximum size of a message, headers included
 * @param descriptors the maximum number of descriptors of a message
 * @param messageTimeout how long the rest of a message that has begun may take, or
 * {@code null} for no limit
 * @param idleTimeout how long a connection may be idle between messages, or {@code null}
 * for no limit
 */
public record WireLimits(String prefix, int messageBytes, int descriptors, @Nullable Duration messageTimeout,
		@Nullable Duration idleTimeout) {

	void checkBytes(long bytes) {
		if (bytes > this.messageBytes) {
			throw new FdLimitException("A message of %d bytes exceeds the limit of %d, see %s.max-message-size"
				.formatted(bytes, this.messageBytes, this.prefix));
		}
	}

	void checkDescriptors(int count) {
		if (count > this.descriptors) {
			throw new FdLimitException("A message with %d descriptors exceeds the limit of %d, see %s.max-descriptors"
				.formatted(count, this.descriptors, this.prefix));
		}
	}

}
