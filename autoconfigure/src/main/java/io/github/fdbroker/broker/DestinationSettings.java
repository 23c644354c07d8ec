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

package io.github.fdbroker.broker;

import java.time.Duration;

import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireFormat;
import io.github.fdbroker.wire.WireLimits;

/**
 * How messages are exchanged with a peer or a child.
 *
 * @param name the name in the configuration
 * @param label the name in exceptions, such as {@code peer 'worker'}
 * @param format the format of the messages
 * @param limits the limits of the messages that are received
 * @param sendTimeout how long a send waits for room, zero for no limit
 * @param replyTimeout how long a request waits for its reply
 * @param maxPendingSends how many messages and descriptors may wait to be sent
 */
public record DestinationSettings(String name, String label, Format format, WireLimits limits, Duration sendTimeout,
		Duration replyTimeout, int maxPendingSends) {

	/**
	 * Return the implementation of the format.
	 * @return the format
	 */
	public WireFormat wireFormat() {
		return this.format.wireFormat();
	}

	/**
	 * Return the full name of a property, for messages.
	 * @param name the last part of the name
	 * @return the name
	 */
	public String property(String name) {
		return this.limits.prefix() + "." + name;
	}

}
