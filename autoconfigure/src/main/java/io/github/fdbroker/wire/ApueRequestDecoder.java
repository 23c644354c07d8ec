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
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.socket.Received;

/**
 * Decodes the requests of {@code recv_fd} clients: bytes up to a NUL.
 */
final class ApueRequestDecoder implements Decoder {

	private final WireLimits limits;

	/** The number of bytes of the next request that are known to contain no NUL. */
	private int scanned;

	ApueRequestDecoder(WireLimits limits) {
		this.limits = limits;
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived) {
		if (arrived != null && !arrived.descriptors().isEmpty()) {
			arrived.close();
			throw new FdProtocolException(("Received %d descriptors with a request, which has none; a "
					+ "method that receives messages of send_fd needs a parameter for the descriptor")
				.formatted(arrived.descriptors().size()));
		}
		int length = indexOfNul(bytes, this.scanned);
		this.limits.checkBytes((length < 0) ? bytes.remaining() : length);
		if (length < 0) {
			this.scanned = bytes.remaining();
			return null;
		}
		this.scanned = 0;
		byte[] request = new byte[length];
		bytes.get(request).get();
		return new Envelope(MessageKind.REQUEST, 0, FdMessage.of(request, List.of()));
	}

	@Override
	public boolean isInMessage(ByteBuffer bytes) {
		return bytes.hasRemaining();
	}

	@Override
	public String expected() {
		return "the NUL that ends a request";
	}

	@Override
	public int wantedBytes(ByteBuffer bytes) {
		return Math.min(this.limits.messageBytes(), bytes.remaining()) + bytes.remaining() + 1;
	}

	@Override
	public void close() {
		// Requests have no descriptors.
	}

	/**
	 * Return where the first NUL is, or -1. @param from the number of bytes that are
	 * known to be no NUL
	 */
	static int indexOfNul(ByteBuffer bytes, int from) {
		for (int i = bytes.position() + from; i < bytes.limit(); i++) {
			if (bytes.get(i) == 0) {
				return i - bytes.position();
			}
		}
		return -1;
	}

}
