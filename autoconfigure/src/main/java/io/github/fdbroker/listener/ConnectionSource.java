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

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.socket.ConnectionAcceptor;

/**
 * Accepts connections from a listening socket and prepares them to be served.
 */
interface ConnectionSource {

	/**
	 * Wait for a connection.
	 * @param socket the listening socket
	 * @param slot the slot of the connection
	 * @return the connection, or {@code null} if it was refused, in which case the slot
	 * is released, possibly later
	 * @throws IOException if no connection can be accepted at present
	 */
	@Nullable ServedConnection accept(ConnectionAcceptor socket, Slot slot) throws IOException;

	/**
	 * Close what was accepted and is not served yet. For the thread that accepts.
	 */
	default void close() {
	}

}
