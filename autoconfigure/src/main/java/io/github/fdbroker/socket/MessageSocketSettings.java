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

package io.github.fdbroker.socket;

import java.time.Duration;

import io.github.fdbroker.SocketType;

/**
 * How a socket is used.
 *
 * @param type its type
 * @param passesCredentials whether the kernel reports the sender of each message
 * ({@code SO_PASSCRED}), where the transport can; this also distinguishes empty messages
 * from the end, so it is always set for sockets of type {@link SocketType#SEQPACKET}
 * @param sendTimeout how long a send waits for room, zero for no limit, or
 * {@link #NO_WAIT}
 */
public record MessageSocketSettings(SocketType type, boolean passesCredentials, Duration sendTimeout) {

	/**
	 * A send timeout for sends that fail at once where there is no room.
	 */
	public static final Duration NO_WAIT = Duration.ofMillis(-1);

	/**
	 * Create the settings.
	 */
	public MessageSocketSettings {
		passesCredentials = passesCredentials || type == SocketType.SEQPACKET;
	}

	/**
	 * Return the settings of a stream.
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the settings
	 */
	public static MessageSocketSettings stream(Duration sendTimeout) {
		return of(SocketType.STREAM, sendTimeout);
	}

	/**
	 * Return the settings of a socket without credentials of the senders.
	 * @param type its type
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the settings
	 */
	public static MessageSocketSettings of(SocketType type, Duration sendTimeout) {
		return new MessageSocketSettings(type, false, sendTimeout);
	}

	/**
	 * Whether sends fail at once where there is no room.
	 */
	boolean neverWaits() {
		return this.sendTimeout.isNegative();
	}

	int sendTimeoutMillis() {
		return (int) Math.min(this.sendTimeout.toMillis(), Integer.MAX_VALUE);
	}

}
