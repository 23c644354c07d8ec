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
 * A message as a socket that keeps messages delivers it, which has to be all that its
 * format makes of one, and nothing more.
 */
public final class PacketDecoding {

	private PacketDecoding() {
	}

	/**
	 * Return how much room there has to be to receive a message.
	 * @param format its format
	 * @param limits how much may come
	 * @return the number of bytes: what is longer exceeds a limit
	 */
	public static int room(WireFormat format, WireLimits limits) {
		return format.overheadBytes() + Math.max(limits.messageBytes(), format.batchBytes());
	}

	/**
	 * Decode a datagram.
	 * @param format its format
	 * @param limits how much may come
	 * @param bytes its bytes
	 * @param incoming what came with them, which belongs to this method
	 * @param recipient who it is for
	 * @return what is in it, which the caller has to close
	 * @throws FdProtocolException if it is no message
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
			envelopes.forEach((envelope) -> envelope.message().close());
			incoming.close();
			throw ex;
		}
	}

	/**
	 * Check that a message can be all there is, before its descriptors have an owner that
	 * would close them.
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
	 * Check that nothing is left that waits for more.
	 * @param envelope what was decoded, if anything
	 * @param first whether it is the first of a message of the socket
	 * @param left what is left of that
	 */
	static void checkDecoded(@Nullable Envelope envelope, boolean first, ByteBuffer left) {
		if (envelope == null && (first || left.hasRemaining())) {
			throw new FdProtocolException(
					"What came ends in the middle of a message, but the socket keeps messages whole");
		}
	}

}
