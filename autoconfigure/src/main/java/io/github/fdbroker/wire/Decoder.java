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
 * Decodes the messages of one connection. After it has thrown an exception, it must be
 * closed together with the connection. For use by one thread.
 */
public interface Decoder extends AutoCloseable {

	/**
	 * Decode the next message.
	 * @param bytes the bytes that were received and not consumed yet, from position to
	 * limit; the position moves past the bytes that are consumed
	 * @param arrived the latest read, or {@code null} if there was none since the last
	 * call; the decoder owns its descriptors from now on
	 * @return a message, or {@code null} if it is not complete
	 * @throws FdProtocolException if the bytes are not a message of this format
	 * @throws FdLimitException if a message exceeds a limit
	 */
	@Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived);

	/**
	 * Return whether a message has begun and is not complete.
	 * @param bytes the bytes that were not consumed yet
	 * @return {@code true} if so
	 */
	boolean isInMessage(ByteBuffer bytes);

	/**
	 * Return the missing part of a message that has begun, for exceptions.
	 * @return the missing part, such as {@code the rest of a frame}
	 */
	String expected();

	/**
	 * Return the size of the buffer for the next read, including the bytes that were not
	 * consumed yet. It may grow with the bytes received, but not with the size that a
	 * message announces.
	 * @param bytes the bytes that were not consumed yet
	 * @return the number of bytes
	 */
	int wantedBytes(ByteBuffer bytes);

	/**
	 * Close the descriptors of messages that were not completed or not returned.
	 */
	@Override
	void close();

}
