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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;

/**
 * The bytes and descriptors of one read are a message, and a message is written as its
 * payload and descriptors. Descriptors do not travel without a byte (unix(7)), so an
 * empty payload is written as one NUL.
 */
final class RawFormat implements WireFormat {

	@Override
	public Decoder decoder(WireLimits limits) {
		return new RawDecoder(limits);
	}

	@Override
	public void encode(List<Envelope> envelopes, OutgoingBuffer out) {
		byte[] payload = envelopes.get(0).payload();
		ByteBuffer room = out.room(Math.max(1, payload.length));
		if (payload.length > 0) {
			room.put(payload);
		}
		else {
			room.put((byte) 0);
		}
	}

	@Override
	public boolean isFramed() {
		return false;
	}

	/**
	 * Takes each read for a message.
	 *
	 * @param limits the limits
	 */
	private record RawDecoder(WireLimits limits) implements Decoder {

		@Override
		public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Arrival arrived) {
			if (arrived == null) {
				return null;
			}
			FdMessage.Builder message = FdMessage.builder();
			arrived.descriptors().forEach(message::descriptor);
			byte[] payload = new byte[arrived.count()];
			bytes.get(payload);
			Envelope envelope = new Envelope(MessageKind.REQUEST, 0, message.payload(payload).build());
			try {
				this.limits.checkDescriptors(arrived.descriptors().size());
				return envelope;
			}
			catch (RuntimeException ex) {
				envelope.message().close();
				throw ex;
			}
		}

		@Override
		public boolean isInMessage(ByteBuffer bytes) {
			return false;
		}

		@Override
		public int wantedBytes(ByteBuffer bytes) {
			return this.limits.messageBytes();
		}

		@Override
		public void close() {
			// Nothing is kept from one read to the next.
		}

	}

}
