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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.wire.Traffic;

/**
 * The state of a peer.
 *
 * @param settings the settings of the peer
 * @param state the state of the connections to it
 * @param pendingSends how many messages wait to be sent, each counted once for each of
 * its descriptors
 * @param requests how many requests are in progress
 * @param sessions how many sessions are open
 * @param traffic what was sent and received
 * @param lastFailure why the latest attempt to connect failed, {@code null} if it
 * succeeded or there was none
 */
public record PeerStatus(PeerSettings settings, State state, int pendingSends, int requests, int sessions,
		Traffic traffic, @Nullable Failure lastFailure) {

	/**
	 * The state of the connections to a peer.
	 */
	public enum State {

		/** There is no connection. The next send connects. */
		IDLE,

		/** There is a connection. The peer may have closed it since it was used. */
		CONNECTED,

		/** The latest attempt to connect failed. */
		UNREACHABLE

	}

	/**
	 * A failed attempt to connect.
	 *
	 * @param message why it failed
	 * @param time when it failed
	 */
	public record Failure(String message, Instant time) {
	}

}
