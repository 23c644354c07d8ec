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
 * How messages look as bytes. Implementations keep no state: what belongs to a connection
 * is in its {@link Decoder}.
 */
public interface WireFormat {

	/**
	 * Start to decode what a connection brings.
	 * @param limits how much it may bring
	 * @param recipient who the messages are for
	 * @return a decoder for this connection
	 */
	Decoder decoder(WireLimits limits, DescriptorDemand recipient);

	/**
	 * Start to decode what a socket brings that keeps messages.
	 * @param limits how much it may bring
	 * @param recipient who the messages are for
	 * @return a decoder, which makes one message, be it empty, of each that arrives
	 */
	default Decoder wholeDecoder(WireLimits limits, DescriptorDemand recipient) {
		return decoder(limits, recipient);
	}

	/**
	 * Write messages that are to travel in one sendmsg(2), with their descriptors at the
	 * first byte.
	 * @param messages the messages; several only up to {@link #batchBytes}, and errors
	 * only where {@link Correlation#repliesToAll each request is replied to}
	 * @param out where to write
	 * @throws FdConversionException if the format has no way to say this
	 * @throws FdLimitException if it has no room for this
	 */
	void encode(List<OutgoingMessage> messages, OutgoingBuffer out);

	/**
	 * Check that what a socket that keeps messages delivered is one message and nothing
	 * more, before it is decoded.
	 * @param message its bytes
	 * @throws FdProtocolException if it is not
	 */
	default void checkWhole(ByteBuffer message) {
	}

	/**
	 * Whether messages carry the headers that their senders gave them.
	 * @return {@code true} if they do
	 */
	default boolean hasHeaders() {
		return false;
	}

	/**
	 * Return how many bytes messages that travel together may take, whatever the limit of
	 * each of them is.
	 * @return the number of bytes, 0 if each message travels by itself
	 */
	default int batchBytes() {
		return 0;
	}

	/**
	 * Return how many descriptors messages that travel together may have.
	 * @return the number of descriptors, 0 if each message travels by itself
	 */
	default int batchDescriptors() {
		return 0;
	}

	/**
	 * Return how many bytes come in front of the messages that travel together.
	 * @return the number of bytes
	 */
	default int overheadBytes() {
		return 0;
	}

	/**
	 * Return how peers know which message replies which.
	 * @return how
	 */
	Correlation replies();

}
