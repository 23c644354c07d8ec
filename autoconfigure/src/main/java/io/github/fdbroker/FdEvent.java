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

package io.github.fdbroker;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What happens on the sockets that this application listens on. An application receives
 * these events with {@link org.springframework.context.event.EventListener}, all of them
 * or those of one type. A method that receives {@link ConnectionRefused} is called on the
 * thread that accepts connections, and delays other connections while it runs.
 */
public sealed interface FdEvent {

	/**
	 * Return the name of the socket, as in {@code fdbroker.sockets.<name>}.
	 * @return the name
	 */
	String socket();

	/**
	 * A socket is open.
	 *
	 * @param socket the name of the socket
	 * @param path its path
	 */
	record SocketOpened(String socket, Path path) implements FdEvent {
	}

	/**
	 * A socket is closed, because it was stopped or it failed. Its connections may end
	 * later.
	 *
	 * @param socket the name of the socket
	 * @param path its path
	 */
	record SocketClosed(String socket, Path path) implements FdEvent {
	}

	/**
	 * A connection was accepted.
	 *
	 * @param socket the name of the socket
	 * @param connection the number of the connection, unique in this process
	 * @param peer the process that connected
	 */
	record ConnectionAccepted(String socket, long connection, PeerCredentials peer) implements FdEvent {
	}

	/**
	 * A connection or a datagram was refused, or a connection is ended because of what
	 * the peer did.
	 *
	 * @param socket the name of the socket
	 * @param reason the reason: {@code not-allowed}, {@code connections-per-user},
	 * {@code malformed}, {@code limit-exceeded}, {@code timeout} or {@code broken}
	 * @param peer the process that connected or sent, {@code null} if it is not known
	 */
	record ConnectionRefused(String socket, String reason, @Nullable PeerCredentials peer) implements FdEvent {
	}

	/**
	 * A connection that was accepted has ended.
	 *
	 * @param socket the name of the socket
	 * @param connection the number of the connection
	 * @param peer the process that connected
	 * @param messages how many messages were received
	 * @param age how long the connection was open
	 */
	record ConnectionEnded(String socket, long connection, PeerCredentials peer, long messages,
			Duration age) implements FdEvent {
	}

}
