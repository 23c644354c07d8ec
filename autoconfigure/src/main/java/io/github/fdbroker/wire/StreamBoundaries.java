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

import io.github.fdbroker.socket.Received;

/**
 * The boundaries of a stream, which the decoder finds in the bytes.
 *
 * @param decoder the decoder
 */
record StreamBoundaries(Decoder decoder) implements MessageBoundaries {

	@Override
	public int wantedBytes(ByteBuffer unread) {
		return this.decoder.wantedBytes(unread);
	}

	@Override
	public ByteBuffer startRead(ReadBuffer buffer) {
		return buffer.startRead(wantedBytes(buffer.unread()));
	}

	@Override
	public void check(ByteBuffer unread, Received read) {
		// A read of a stream may end anywhere.
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer unread, @Nullable Received arrived) {
		return this.decoder.decode(unread, arrived);
	}

	/**
	 * On a stream, descriptors are sent with at least one byte, see unix(7).
	 */
	@Override
	public void complete(OutgoingBuffer encoded) {
		if (encoded.room(0).position() == 0) {
			encoded.room(1).put((byte) 0);
		}
	}

}
