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

/**
 * Sends descriptors to the peers configured under {@code fdbroker.peers}.
 * <p>
 * A send borrows descriptors: the caller keeps them and remains responsible for closing
 * them, which it may do as soon as the call returns. A send passes the whole message to
 * the kernel or throws an exception.
 * <p>
 * The messages that one thread sends to a peer arrive in that order, even if it sends
 * some of them asynchronously. A request travels on a connection of its own for as long
 * as it takes, and may overtake earlier sends of the same thread. Safe for use by several
 * threads, whose messages never interleave.
 */
public interface FdBroker {

	/**
	 * Start a message to a peer.
	 * @param peer the name of the peer
	 * @return the message to complete and send
	 * @throws FdException if there is no such peer
	 */
	MessageSpec to(String peer);

	/**
	 * Start a message to the peer that listens at a path, in the format {@code frame} and
	 * with the default settings of a peer.
	 * @param path the path of the socket
	 * @return the message to complete and send
	 */
	MessageSpec to(Path path);

	/**
	 * Start a message to the peer that listens at a path.
	 * @param peer the name of a peer whose settings apply, except for its path
	 * @param path the path of the socket
	 * @return the message to complete and send
	 * @throws FdException if there is no such peer
	 */
	MessageSpec to(String peer, Path path);

	/**
	 * Connect to a peer, for protocols that are more than a request and its reply.
	 * @param peer the name of the peer
	 * @return a connection of its own, which the caller has to close; this broker closes
	 * it too when it is closed itself
	 * @throws FdConnectException if the peer cannot be reached within its
	 * {@code connect-timeout}
	 * @throws FdAccessDeniedException if the process at the other end is not one of those
	 * expected
	 * @throws FdException if there is no such peer
	 */
	FdSession connect(String peer);

	/**
	 * Connect to the peer that listens at a path, in the format {@code frame} and with
	 * the default settings of a peer.
	 * @param path the path of the socket
	 * @return a connection of its own, which the caller has to close
	 * @throws FdException as {@link #connect(String)}
	 */
	FdSession connect(Path path);

	/**
	 * Connect to the peer that listens at a path.
	 * @param peer the name of a peer whose settings apply, except for its path
	 * @param path the path of the socket
	 * @return a connection of its own, which the caller has to close
	 * @throws FdException as {@link #connect(String)}
	 */
	FdSession connect(String peer, Path path);

}
