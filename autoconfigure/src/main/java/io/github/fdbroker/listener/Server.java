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

package io.github.fdbroker.listener;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OwnedFd;

/**
 * An open socket whose messages are passed to a listener.
 */
interface Server {

	/**
	 * Return how many connections are served at the moment.
	 */
	int connections();

	/**
	 * Return the connections that are served.
	 */
	default Collection<ServedConnection> served() {
		return List.of();
	}

	/**
	 * Whether further connections or messages are accepted.
	 */
	boolean isAccepting();

	/**
	 * Duplicate the listening socket, for another process.
	 * @return the duplicate, which the caller has to close, or {@code null} if another
	 * process cannot serve it
	 */
	@Nullable OwnedFd duplicate();

	/**
	 * Stop accepting, and leave the socket and its address to another process. Open
	 * connections continue to be served.
	 */
	void release();

	/**
	 * Become the owner of the address of an adopted socket.
	 */
	void bind();

	/**
	 * Stop accepting, and end each connection once the messages that have arrived are
	 * replied to.
	 * @return completed when all connections are closed
	 */
	CompletableFuture<Void> drain();

	/**
	 * End all connections at once.
	 */
	void abort();

}
