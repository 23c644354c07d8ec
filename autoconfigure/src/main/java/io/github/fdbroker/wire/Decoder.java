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
 * Makes messages of what one connection brings. Once it has thrown, it is only to be
 * closed, together with the connection. For use by one thread.
 */
public interface Decoder extends AutoCloseable {

	/**
	 * Decode what came.
	 * @param bytes everything that came and was not consumed yet, from position to limit;
	 * the position moves past what is consumed
	 * @param arrived what came with the latest of these bytes, {@code null} if nothing
	 * new came since the last call; the decoder owns the descriptors from here on
	 * @return a message, or {@code null} if more has to come first
	 * @throws FdProtocolException if what came is no message of this format
	 * @throws FdLimitException if a message exceeds a limit
	 */
	@Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived);

	/**
	 * Whether a message has begun and is not complete.
	 * @param bytes what came and was not consumed yet
	 * @return {@code true} if so
	 */
	boolean isInMessage(ByteBuffer bytes);

	/**
	 * Return what completes a message that has begun, for the error that tells that it
	 * did not come.
	 * @return what is expected, such as {@code the rest of a frame}
	 */
	String expected();

	/**
	 * Return how much room there has to be for the next read, what was not consumed yet
	 * included. It may grow with what came, not with what is announced to come.
	 * @param bytes what came and was not consumed yet
	 * @return the number of bytes
	 */
	int wantedBytes(ByteBuffer bytes);

	/**
	 * Close the descriptors of messages that will not be completed or fetched.
	 */
	@Override
	void close();

}
