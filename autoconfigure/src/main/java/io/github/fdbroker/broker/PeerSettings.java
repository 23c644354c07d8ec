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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.SocketPath;

/**
 * The settings of one peer.
 *
 * @param path the path of its socket
 * @param type the type of its socket
 * @param messages how messages are exchanged
 * @param expected decides whether the process that serves the socket is the peer
 * @param connectTimeout how long to wait for a peer that does not listen yet
 * @param maxConnections how many requests may be under way at a time
 * @param acknowledge whether a send waits until the listener has finished
 * @param inherited the connection that this process inherited, or {@code null} to connect
 * to the path
 */
public record PeerSettings(SocketPath path, SocketType type, DestinationSettings messages, PeerAuthorizer expected,
		Duration connectTimeout, int maxConnections, boolean acknowledge, @Nullable InheritedDescriptor inherited) {

	/** The group of the peers that are not configured. */
	public static final String UNNAMED = "path";

	/**
	 * Return the settings of a peer with another path.
	 */
	PeerSettings at(Path path) {
		return new PeerSettings(new SocketPath(name(), path), this.type, this.messages, this.expected,
				this.connectTimeout, this.maxConnections, this.acknowledge, null);
	}

	/**
	 * Return the name of the peer.
	 * @return the name
	 */
	public String name() {
		return this.path.name();
	}

	/**
	 * Return the name for metrics. Peers that are not configured share one name.
	 * @return the name of the configuration, or {@link #UNNAMED}
	 */
	public String group() {
		return name().equals(this.path.path().toString()) ? UNNAMED : name();
	}

}
