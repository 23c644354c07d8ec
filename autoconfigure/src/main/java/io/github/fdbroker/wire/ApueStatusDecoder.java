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
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.wire.UnclaimedDescriptors.Read;

/**
 * Decodes the messages of {@code send_fd} and {@code send_err}: text, a NUL and a status,
 * with a descriptor if the status is 0.
 * <p>
 * The kernel ends a read behind the bytes that carried descriptors (unix(7)), so that the
 * descriptors of a read belong to the message that its last byte belongs to.
 */
final class ApueStatusDecoder implements Decoder {

	private final WireLimits limits;

	private final boolean awaitsReply;

	/** The descriptors of messages that are not complete. */
	private final UnclaimedDescriptors unclaimed = new UnclaimedDescriptors();

	/** The number of bytes of the next message that are known to contain no NUL. */
	private int scanned;

	/** The position of the buffer in the stream. */
	private long consumed;

	ApueStatusDecoder(WireLimits limits, DescriptorDemand recipient) {
		this.limits = limits;
		this.awaitsReply = recipient == DescriptorDemand.AWAITS_ANSWER;
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived) {
		if (arrived != null) {
			this.unclaimed.add(this.consumed, this.consumed + bytes.remaining(), arrived.descriptors());
		}
		int length = ApueRequestDecoder.indexOfNul(bytes, this.scanned);
		this.limits.checkBytes((length < 0) ? bytes.remaining() : length);
		if (length < 0 || bytes.remaining() < length + 2) {
			this.scanned = (length < 0) ? bytes.remaining() : length;
			checkWaiting();
			return null;
		}
		this.scanned = 0;
		this.consumed += length + 2;
		byte[] text = new byte[length];
		bytes.get(text).get();
		return message(text, -Byte.toUnsignedInt(bytes.get()), bytes.remaining());
	}

	@Override
	public boolean isInMessage(ByteBuffer bytes) {
		return bytes.hasRemaining();
	}

	@Override
	public String expected() {
		return "a NUL and a status byte";
	}

	@Override
	public int wantedBytes(ByteBuffer bytes) {
		return Math.min(this.limits.messageBytes(), bytes.remaining()) + bytes.remaining() + 2;
	}

	@Override
	public void close() {
		this.unclaimed.close();
	}

	private Envelope message(byte[] text, int status, int following) {
		FdMessage message = (status == 0) ? FdMessage.of(text, claim()) : FdMessage.of(withoutLineEnd(text),
				Map.of(FdHeaders.ERROR_STATUS, String.valueOf(status)), FdMessage.of(text, claim()).attachments());
		try {
			check(status, message.descriptors().size(), following);
			return new Envelope(kind(status), 0, message);
		}
		catch (FdProtocolException ex) {
			message.close();
			throw ex;
		}
	}

	private MessageKind kind(int status) {
		if (!this.awaitsReply) {
			return MessageKind.ONE_WAY;
		}
		return (status == 0) ? MessageKind.REPLY : MessageKind.ERROR;
	}

	private void check(int status, int descriptors, int following) {
		if (status == 0 && descriptors != 1) {
			throw new FdProtocolException(
					"Received the status 0 with %d descriptors instead of one".formatted(descriptors));
		}
		if (status != 0 && descriptors != 0) {
			throw new FdProtocolException("Received the status %d with %d descriptors, but only the status 0 has one"
				.formatted(status, descriptors));
		}
		if (this.awaitsReply && following > 0) {
			throw new FdProtocolException("%d bytes follow the status, which ends a reply".formatted(following));
		}
	}

	private static byte[] withoutLineEnd(byte[] text) {
		int length = text.length;
		while (length > 0 && text[length - 1] == '\n') {
			length--;
		}
		return Arrays.copyOf(text, length);
	}

	/**
	 * Take the descriptors of the message that was consumed last.
	 */
	private List<OwnedFd> claim() {
		List<OwnedFd> claimed = new ArrayList<>(1);
		Read read = this.unclaimed.first();
		while (read != null && read.end() <= this.consumed) {
			claimed.addAll(this.unclaimed.take());
			read = this.unclaimed.first();
		}
		return claimed;
	}

	private void checkWaiting() {
		int waiting = this.unclaimed.count();
		if (waiting > 1) {
			throw new FdProtocolException(
					"Received %d descriptors, but expected at most one, with a NUL and a status byte"
						.formatted(waiting));
		}
	}

}
