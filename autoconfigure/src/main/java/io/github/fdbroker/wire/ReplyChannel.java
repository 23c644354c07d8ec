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

package io.github.fdbroker.wire;

import io.github.fdbroker.FdException;

/**
 * The channel for replies to a message.
 */
public interface ReplyChannel {

	/**
	 * Return how replies are assigned to requests.
	 * @return the correlation
	 */
	Correlation replies();

	/**
	 * Send a reply.
	 * @param reply the reply, which the caller has to close
	 * @throws FdException if it cannot be sent
	 */
	void send(OutgoingMessage reply);

	/**
	 * End the channel, if it belongs to one peer, so that the peer stops waiting for a
	 * reply.
	 */
	void shutdown();

	/**
	 * Whether the other side has closed the connection, and takes no more replies.
	 * @return {@code false} also if this cannot be determined
	 */
	default boolean hasPeerLeft() {
		return false;
	}

}
