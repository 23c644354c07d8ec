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

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.socket.Received;

/**
 * Returns each message of a socket that preserves boundaries, also if it is empty.
 *
 * @param limits the limits
 * @param kind the kind of the messages
 */
record RawMessageDecoder(WireLimits limits, MessageKind kind) implements Decoder {

	@Override
	public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived) {
		if (arrived == null) {
			return null;
		}
		try {
			this.limits.checkDescriptors(arrived.descriptors().size());
		}
		catch (RuntimeException ex) {
			arrived.close();
			throw ex;
		}
		RawDecoder.warnOfFrame(bytes, this.limits);
		byte[] payload = new byte[bytes.remaining()];
		bytes.get(payload);
		return new Envelope(this.kind, 0, FdMessage.of(payload, arrived.descriptors()));
	}

	@Override
	public boolean isInMessage(ByteBuffer bytes) {
		return false;
	}

	@Override
	public String expected() {
		return "a message";
	}

	@Override
	public int wantedBytes(ByteBuffer bytes) {
		return this.limits.messageBytes();
	}

	@Override
	public void close() {
		// There is no state between messages.
	}

}
