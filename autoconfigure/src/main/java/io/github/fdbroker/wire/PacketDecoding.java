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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.socket.Received;

/**
 * Decodes messages of sockets that preserve boundaries. Each must be exactly one message
 * of its format.
 */
public final class PacketDecoding {

	private PacketDecoding() {
	}

	/**
	 * Return the size of the buffer to receive a message.
	 * @param format its format
	 * @param limits the limits of the message
	 * @return the number of bytes; a longer message exceeds a limit
	 */
	public static int room(WireFormat format, WireLimits limits) {
		return format.overheadBytes() + Math.max(limits.messageBytes(), format.batchBytes());
	}

	/**
	 * Decode a datagram.
	 * @param format its format
	 * @param limits the limits of the message
	 * @param bytes its bytes
	 * @param incoming the read, which this method owns
	 * @param recipient whether the receiver takes descriptors
	 * @return the message, which the caller has to close
	 * @throws FdProtocolException if it is not a message
	 * @throws FdLimitException if it exceeds a limit
	 */
	public static List<Envelope> decode(WireFormat format, WireLimits limits, ByteBuffer bytes, Received incoming,
			DescriptorDemand recipient) {
		check(format, limits, bytes, incoming);
		List<Envelope> envelopes = new ArrayList<>(1);
		try (Decoder decoder = format.wholeDecoder(limits, recipient)) {
			Envelope envelope = decoder.decode(bytes, incoming);
			checkDecoded(envelope, true, bytes);
			while (envelope != null) {
				envelopes.add(envelope);
				envelope = decoder.decode(bytes, null);
				checkDecoded(envelope, false, bytes);
			}
			return envelopes;
		}
		catch (RuntimeException | Error ex) {
			// This closes the descriptors of the messages that were decoded before, too.
			incoming.close();
			throw ex;
		}
	}

	/**
	 * Check that a message is complete. If not, close its descriptors, which have no
	 * other owner yet.
	 */
	static void check(WireFormat format, WireLimits limits, ByteBuffer bytes, Received incoming) {
		try {
			if (incoming.isTruncated()) {
				throw new FdLimitException("A message exceeds the limit of %d bytes, see %s.max-message-size"
					.formatted(limits.messageBytes(), limits.prefix()));
			}
			format.checkWhole(bytes);
		}
		catch (RuntimeException ex) {
			incoming.close();
			throw ex;
		}
	}

	/**
	 * Check that no incomplete message is left.
	 * @param envelope the decoded message, if any
	 * @param first whether it is the first one of a message of the socket
	 * @param left the remaining bytes
	 */
	static void checkDecoded(@Nullable Envelope envelope, boolean first, ByteBuffer left) {
		if (envelope == null && (first || left.hasRemaining())) {
			throw new FdProtocolException(
					"Received an incomplete message on a socket that preserves message boundaries");
		}
	}

}
