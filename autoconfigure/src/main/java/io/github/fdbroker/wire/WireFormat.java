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
import java.util.List;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;

/**
 * Encodes messages as bytes, and creates decoders. Implementations have no state; the
 * state of a connection is in its {@link Decoder}.
 */
public interface WireFormat {

	/**
	 * Create a decoder for a connection.
	 * @param limits the limits of the messages
	 * @param recipient whether the receiver of messages takes descriptors
	 * @return the decoder
	 */
	Decoder decoder(WireLimits limits, DescriptorDemand recipient);

	/**
	 * Create a decoder for a socket that preserves message boundaries.
	 * @param limits the limits of the messages
	 * @param recipient whether the receiver of messages takes descriptors
	 * @return the decoder, which returns one message, possibly empty, for each that
	 * arrives
	 */
	default Decoder wholeDecoder(WireLimits limits, DescriptorDemand recipient) {
		return decoder(limits, recipient);
	}

	/**
	 * Write messages that are sent in one sendmsg(2), with their descriptors at the first
	 * byte.
	 * @param messages the messages; several only up to {@link #batchBytes}, and errors
	 * only if {@link Correlation#repliesToAll each request gets a reply}
	 * @param out the buffer to write to
	 * @throws FdConversionException if the format cannot express a part of a message
	 * @throws FdLimitException if a message exceeds a limit of the format
	 */
	void encode(List<OutgoingMessage> messages, OutgoingBuffer out);

	/**
	 * Check, before it is decoded, that a message of a socket that preserves boundaries
	 * is exactly one message of this format.
	 * @param message its bytes
	 * @throws FdProtocolException if it is not
	 */
	default void checkWhole(ByteBuffer message) {
	}

	/**
	 * Return whether messages have headers.
	 * @return {@code true} if they do
	 */
	default boolean hasHeaders() {
		return false;
	}

	/**
	 * Return the maximum size of several messages that are sent together.
	 * @return the number of bytes, 0 if each message is sent by itself
	 */
	default int batchBytes() {
		return 0;
	}

	/**
	 * Return the maximum number of descriptors of several messages that are sent
	 * together.
	 * @return the number of descriptors, 0 if each message is sent by itself
	 */
	default int batchDescriptors() {
		return 0;
	}

	/**
	 * Return the number of bytes in front of messages that are sent together.
	 * @return the number of bytes
	 */
	default int overheadBytes() {
		return 0;
	}

	/**
	 * Return how replies are assigned to requests.
	 * @return the correlation
	 */
	Correlation replies();

}
