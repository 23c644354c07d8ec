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

import java.nio.file.Path;
import java.time.Duration;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireLimits;

/**
 * How to reach one peer.
 *
 * @param path where it listens
 * @param type its type
 * @param format the format of its messages
 * @param limits what its replies may bring
 * @param expected who it has to be
 * @param connectTimeout how long to wait for a peer that is not there yet
 * @param sendTimeout how long a send waits for room, zero for ever
 * @param replyTimeout how long a request waits for its reply, and for a free connection
 * @param maxConnections how many requests may be under way at a time
 * @param maxPendingSends how many messages and descriptors may wait to be sent
 * @param acknowledge whether a send waits until the listener has finished
 */
public record PeerSettings(SocketPath path, SocketType type, Format format, WireLimits limits, PeerAuthorizer expected,
		Duration connectTimeout, Duration sendTimeout, Duration replyTimeout, int maxConnections, int maxPendingSends,
		boolean acknowledge) {

	/**
	 * Return the settings of a peer that listens elsewhere.
	 * @param path the path
	 * @return the same settings with that path
	 */
	PeerSettings at(Path path) {
		return new PeerSettings(new SocketPath(name(), path), this.type, this.format, this.limits, this.expected,
				this.connectTimeout, this.sendTimeout, this.replyTimeout, this.maxConnections, this.maxPendingSends,
				this.acknowledge);
	}

	/**
	 * Return the name of the peer.
	 * @return the name
	 */
	public String name() {
		return this.path.name();
	}

}
