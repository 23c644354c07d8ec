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
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;

/**
 * The format of this project, as described in {@code wire-format.md}: a header that says
 * how many descriptors came with its first byte, and one or more messages. All numbers
 * are unsigned and in network byte order.
 */
final class FrameFormat implements WireFormat {

	/** "FDBR". */
	static final int MAGIC = 0x46444252;

	static final byte VERSION = 1;

	static final int HEADER_BYTES = 16;

	/** The size of the fixed fields of a message, including its length. */
	static final int MESSAGE_BYTES = 16;

	/**
	 * The maximum size of a frame of several messages, for all senders and receivers.
	 */
	static final int BATCH_BYTES = 64 * 1024;

	/** The maximum number of descriptors of a frame of several messages. */
	static final int BATCH_DESCRIPTORS = 64;

	/** The maximum number of headers of a message. */
	static final int MAX_HEADERS = 256;

	private static final int SHORT_TEXT = 0xff;

	private static final int LONG_TEXT = 0xffff;

	static final int LENGTH_OFFSET = 12;

	private static final byte[] NOTHING = {};

	@Override
	public Decoder decoder(WireLimits limits, DescriptorDemand recipient) {
		return new FrameDecoder(limits);
	}

	@Override
	public void encode(List<OutgoingMessage> messages, OutgoingBuffer out) {
		int descriptors = 0;
		for (OutgoingMessage message : messages) {
			descriptors += message.attachments().size();
		}
		putHeader(descriptors, messages.size(), out);
		for (OutgoingMessage message : messages) {
			encode(message, out);
		}
		ByteBuffer written = out.room(0);
		written.putInt(LENGTH_OFFSET, written.position() - HEADER_BYTES);
	}

	/**
	 * The length is written at the end.
	 */
	private static void putHeader(int descriptors, int messages, OutgoingBuffer out) {
		out.room(HEADER_BYTES)
			.putInt(MAGIC)
			.put(VERSION)
			.put((byte) 0)
			.putShort((short) descriptors)
			.putShort((short) messages)
			.putShort((short) 0)
			.putInt(0);
	}

	@Override
	public boolean hasHeaders() {
		return true;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public int batchDescriptors() {
		return BATCH_DESCRIPTORS;
	}

	@Override
	public int overheadBytes() {
		return HEADER_BYTES;
	}

	@Override
	public Correlation replies() {
		return Correlation.BY_ID;
	}

	@Override
	public void checkWhole(ByteBuffer message) {
		int start = message.position();
		if (message.remaining() < HEADER_BYTES) {
			throw new FdProtocolException("Received a message of %d bytes, but a frame has at least %d"
				.formatted(message.remaining(), HEADER_BYTES));
		}
		long length = HEADER_BYTES + Integer.toUnsignedLong(message.getInt(start + LENGTH_OFFSET));
		if (message.getInt(start) == MAGIC && length != message.remaining()) {
			throw new FdProtocolException("Received a message of %d bytes, but the frame in it has %d"
				.formatted(message.remaining(), length));
		}
	}

	private static void encode(OutgoingMessage message, OutgoingBuffer out) {
		int start = out.room(MESSAGE_BYTES).position();
		putFixedFields(message, out);
		for (OutgoingMessage.Attachment attachment : message.attachments()) {
			byte[] name = text("The name of a descriptor", attachment.name(), SHORT_TEXT);
			out.room(1 + name.length).put((byte) name.length).put(name);
		}
		message.headers().forEach((name, value) -> {
			putHeaderText(name, out);
			putHeaderText(value, out);
		});
		ByteBuffer written = out.room(message.payload().length).put(message.payload());
		written.putInt(start, written.position() - start - Integer.BYTES);
	}

	private static void putFixedFields(OutgoingMessage message, OutgoingBuffer out) {
		int headers = message.headers().size();
		if (headers > MAX_HEADERS) {
			throw new FdLimitException("A message with " + headers + " headers has more than the " + MAX_HEADERS
					+ " that the frame format allows");
		}
		out.room(MESSAGE_BYTES)
			.putInt(0)
			.put(message.kind().code())
			.put((byte) message.attachments().size())
			.putShort((short) headers)
			.putLong(message.correlation());
	}

	private static void putHeaderText(String text, OutgoingBuffer out) {
		byte[] bytes = text("A header", text, LONG_TEXT);
		out.room(2 + bytes.length).putShort((short) bytes.length).put(bytes);
	}

	private static byte[] text(String what, @Nullable String text, int maxBytes) {
		byte[] bytes = (text != null) ? text.getBytes(StandardCharsets.UTF_8) : NOTHING;
		if (bytes.length > maxBytes) {
			throw new FdLimitException(what + " takes " + bytes.length + " bytes, more than the " + maxBytes
					+ " that the frame format allows");
		}
		return bytes;
	}

}
