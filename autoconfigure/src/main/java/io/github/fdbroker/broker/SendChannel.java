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

import java.util.List;

import io.github.fdbroker.wire.OutgoingMessage;

/**
 * The connection that a {@link SendQueue} sends on. One thread at a time sends and
 * closes; any thread may shut down.
 */
public interface SendChannel {

	/**
	 * Send messages in one sendmsg(2).
	 * @param messages the messages, which the caller has to close; several only if the
	 * format supports that
	 */
	void send(List<OutgoingMessage> messages);

	/**
	 * Return whether there is a connection.
	 * @return {@code true} if so
	 */
	boolean isConnected();

	/**
	 * Return whether the last send failed because there is no connection.
	 * @return {@code true} if messages that wait behind it fail as well
	 */
	boolean isUnreachable();

	/**
	 * End a send that is under way, and make no more connections.
	 */
	void shutdown();

	/**
	 * Close the connection.
	 */
	void close();

}
