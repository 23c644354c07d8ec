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
 * The boundaries of a socket that delivers one whole message per read.
 *
 * @param format the format of the messages
 * @param limits the limits of the messages that are received
 * @param decoder the decoder
 */
record PacketBoundaries(WireFormat format, WireLimits limits, Decoder decoder) implements MessageBoundaries {

	@Override
	public int wantedBytes(ByteBuffer unread) {
		return PacketDecoding.room(this.format, this.limits);
	}

	/**
	 * A message that exceeds the limit is truncated, which the kernel reports.
	 */
	@Override
	public ByteBuffer startRead(ReadBuffer buffer) {
		int room = wantedBytes(buffer.unread());
		return buffer.startRead(room).limit(room);
	}

	@Override
	public void check(ByteBuffer unread, Received read) {
		PacketDecoding.check(this.format, this.limits, unread, read);
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer unread, @Nullable Received arrived) {
		Envelope envelope = this.decoder.decode(unread, arrived);
		PacketDecoding.checkDecoded(envelope, arrived != null, unread);
		return envelope;
	}

	@Override
	public void complete(OutgoingBuffer encoded) {
		// A message may be empty.
	}

}
