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
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * A frame whose header was read.
 *
 * @param limits the limits of its messages
 * @param messages the number of its messages
 * @param length the size of all messages in bytes
 * @param descriptors the descriptors of all of them, in order
 */
record Frame(WireLimits limits, int messages, int length, List<DescriptorHandle> descriptors) {

	private static final MessageKind[] KINDS = MessageKind.values();

	/**
	 * Decode the messages.
	 * @param body the messages, from position to limit
	 * @return all of them
	 * @throws FdProtocolException if any of them is malformed
	 */
	List<Envelope> decode(ByteBuffer body) {
		List<Envelope> decoded = new ArrayList<>();
		int end = body.limit();
		int taken = 0;
		for (int i = 0; i < this.messages; i++) {
			limitToMessage(body);
			this.limits.checkBytes(Integer.BYTES + (long) body.remaining());
			Envelope envelope = decodeMessage(body, taken);
			taken += envelope.message().descriptors().size();
			decoded.add(envelope);
			body.limit(end);
		}
		if (body.hasRemaining() || taken != this.descriptors.size()) {
			throw new FdProtocolException("A frame has %d bytes and %d descriptors more than its %d messages"
				.formatted(body.remaining(), this.descriptors.size() - taken, this.messages));
		}
		return decoded;
	}

	// Slices would read better, but the compiler of JDK 25 (ReduceAllocationMerges) turns
	// one that it has optimized away into null when another kind of message comes.
	private static void limitToMessage(ByteBuffer body) {
		if (body.remaining() < FrameFormat.MESSAGE_BYTES) {
			throw new FdProtocolException("A message begins in the last %d bytes of its frame, but has at least %d"
				.formatted(body.remaining(), FrameFormat.MESSAGE_BYTES));
		}
		long length = Integer.toUnsignedLong(body.getInt());
		if (length < FrameFormat.MESSAGE_BYTES - Integer.BYTES || length > body.remaining()) {
			throw new FdProtocolException(
					"A message announces %d bytes, but its frame has %d left".formatted(length, body.remaining()));
		}
		body.limit(body.position() + (int) length);
	}

	private Envelope decodeMessage(ByteBuffer message, int firstDescriptor) {
		MessageKind kind = kind(message.get());
		int count = Byte.toUnsignedInt(message.get());
		int headerCount = Short.toUnsignedInt(message.getShort());
		long correlation = message.getLong();
		this.limits.checkDescriptors(count);
		if (headerCount > FrameFormat.MAX_HEADERS) {
			throw new FdLimitException("A message with %d headers has more than the %d that the frame format allows"
				.formatted(headerCount, FrameFormat.MAX_HEADERS));
		}
		if (firstDescriptor + count > this.descriptors.size()) {
			throw new FdProtocolException("The messages of a frame have more descriptors than the %d it announces"
				.formatted(this.descriptors.size()));
		}
		List<Attachment> attachments = attachments(message, firstDescriptor, count);
		Map<String, String> headers = headers(message, headerCount);
		return new Envelope(kind, correlation, FdMessage.of(rest(message), headers, attachments));
	}

	private List<Attachment> attachments(ByteBuffer message, int first, int count) {
		List<Attachment> attachments = new ArrayList<>(count);
		for (DescriptorHandle descriptor : this.descriptors.subList(first, first + count)) {
			String name = text(message, Byte.toUnsignedInt(require(message, 1).get()));
			attachments.add(new Attachment(name.isBlank() ? null : name, descriptor));
		}
		return attachments;
	}

	private static Map<String, String> headers(ByteBuffer message, int count) {
		if (count == 0) {
			return Map.of();
		}
		Map<String, String> headers = new HashMap<>();
		for (int i = 0; i < count; i++) {
			String name = text(message, Short.toUnsignedInt(require(message, Short.BYTES).getShort()));
			if (name.isBlank()) {
				throw new FdProtocolException("A header has no name");
			}
			String value = text(message, Short.toUnsignedInt(require(message, Short.BYTES).getShort()));
			if (!name.startsWith(FdHeaders.RESERVED_PREFIX)) {
				headers.put(name, value);
			}
		}
		return headers;
	}

	private static byte[] rest(ByteBuffer message) {
		byte[] payload = new byte[message.remaining()];
		message.get(payload);
		return payload;
	}

	private static String text(ByteBuffer message, int length) {
		if (length == 0) {
			return "";
		}
		byte[] bytes = new byte[length];
		require(message, length).get(bytes);
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new FdProtocolException("The name or value of a header, or the name of a descriptor, is not UTF-8",
					ex);
		}
	}

	private static ByteBuffer require(ByteBuffer message, int bytes) {
		if (message.remaining() < bytes) {
			throw new FdProtocolException("A message ends in the middle of its headers or names");
		}
		return message;
	}

	private static MessageKind kind(byte code) {
		if (code < 1 || code > KINDS.length) {
			throw new FdProtocolException("The kind of message %d is unknown".formatted(code));
		}
		return KINDS[code - 1];
	}

}
