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

package io.github.fdbroker.autoconfigure.actuate;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.autoconfigure.actuate.SocketDescriptor.TrafficDescriptor;
import io.github.fdbroker.broker.PeerStatus;

/**
 * A peer that this application sends to.
 *
 * @param path the path of its socket
 * @param type the type of its socket
 * @param format the format of the messages
 * @param state whether it is {@code connected}, {@code idle}, or {@code unreachable}
 * since the latest attempt to connect
 * @param pendingSends how many messages wait to be sent, counted once per descriptor
 * @param requests how many requests wait for their replies
 * @param sessions how many sessions are open
 * @param received what was received since the application started
 * @param sent what was sent since the application started
 * @param lastFailure why the latest attempt to connect failed
 * @param lastFailureTime when it failed
 */
public record PeerDescriptor(String path, String type, String format, String state, int pendingSends, int requests,
		int sessions, TrafficDescriptor received, TrafficDescriptor sent, @Nullable String lastFailure,
		@Nullable Instant lastFailureTime) {

	static PeerDescriptor of(PeerStatus peer) {
		PeerStatus.Failure failure = peer.lastFailure();
		return new PeerDescriptor(peer.settings().path().path().toString(), lowerCase(peer.settings().type()),
				lowerCase(peer.settings().messages().format()), lowerCase(peer.state()), peer.pendingSends(),
				peer.requests(), peer.sessions(), TrafficDescriptor.received(peer.traffic()),
				TrafficDescriptor.sent(peer.traffic()), (failure != null) ? failure.message() : null,
				(failure != null) ? failure.time() : null);
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
