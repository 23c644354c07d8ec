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

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.socket.Received;

/**
 * Finds the boundaries of messages in the reads and writes of one connection. For use by
 * the thread that receives, except {@link #complete}, which has no state.
 */
interface MessageBoundaries {

	/**
	 * Return the decoder, which is closed with the connection.
	 */
	Decoder decoder();

	/**
	 * Return how many bytes the buffer has to hold for the next read.
	 * @param unread the bytes that are not decoded yet
	 */
	int wantedBytes(ByteBuffer unread);

	/**
	 * Begin a read.
	 * @return the buffer to read into
	 */
	ByteBuffer startRead(ReadBuffer buffer);

	/**
	 * Check a read before it is decoded. If the check fails, its descriptors are closed.
	 * @throws FdProtocolException if the bytes are not a message
	 * @throws FdLimitException if it exceeds a limit
	 */
	void check(ByteBuffer unread, Received read);

	/**
	 * Decode a message.
	 * @param arrived the latest read, or {@code null} if there was none since the last
	 * call
	 * @return the message, or {@code null} if it is not complete
	 * @throws FdProtocolException if the bytes are not a message
	 * @throws FdLimitException if it exceeds a limit
	 */
	@Nullable Envelope decode(ByteBuffer unread, @Nullable Received arrived);

	/**
	 * Complete encoded messages, so that they can be sent.
	 */
	void complete(OutgoingBuffer encoded);

}
