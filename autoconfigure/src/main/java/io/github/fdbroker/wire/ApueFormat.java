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

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdLimitException;

/**
 * The protocol of {@code send_fd}, {@code send_err} and {@code recv_fd}, and of the open
 * servers that use them, as described in {@code wire-format.md}: a request ends in a NUL,
 * and a reply is text, a NUL and a status.
 */
final class ApueFormat implements WireFormat {

	static final byte NUL = 0;

	private static final int LOWEST_STATUS = -255;

	/**
	 * The size of one read of {@code recv_fd}, less the NUL and the status, which must
	 * arrive in the same read.
	 */
	private static final int MAX_TEXT = 4096 - 2;

	@Override
	public Decoder decoder(WireLimits limits, DescriptorDemand recipient) {
		return (recipient == DescriptorDemand.TAKES_NO_DESCRIPTOR) ? new ApueRequestDecoder(limits)
				: new ApueStatusDecoder(limits, recipient);
	}

	@Override
	public void encode(List<OutgoingMessage> messages, OutgoingBuffer out) {
		OutgoingMessage message = messages.get(0);
		switch (message.kind()) {
			case REQUEST -> encodeRequest(message, out);
			case ONE_WAY, REPLY -> encodeStatus(message, out);
			case ERROR -> encodeError(message, out);
		}
	}

	@Override
	public Correlation replies() {
		return Correlation.BY_ORDER;
	}

	private static void encodeRequest(OutgoingMessage message, OutgoingBuffer out) {
		if (!message.attachments().isEmpty()) {
			throw new FdConversionException("A request of the format apue has no descriptors, but this one has %d"
				.formatted(message.attachments().size()));
		}
		byte[] request = withoutNul("The payload of a request", message.payload());
		out.room(request.length + 1).put(request).put(NUL);
	}

	/**
	 * A descriptor is sent as by {@code send_fd}, a status as by {@code send_err}.
	 */
	private static void encodeStatus(OutgoingMessage message, OutgoingBuffer out) {
		int status = Envelope.errorStatus(message.headers());
		int descriptors = message.attachments().size();
		if (descriptors != ((status == 0) ? 1 : 0)) {
			throw new FdConversionException(("A message of the format apue has one descriptor, or none and the header "
					+ "'%s' with a number from %d to -1, but this one has %d and the status %d")
				.formatted(FdHeaders.ERROR_STATUS, LOWEST_STATUS, descriptors, status));
		}
		if (status == 0) {
			encodeSuccess(message, out);
		}
		else {
			encodeError(message, out);
		}
	}

	private static void encodeSuccess(OutgoingMessage message, OutgoingBuffer out) {
		byte[] text = withoutNul("A text", message.payload());
		if (text.length > MAX_TEXT) {
			throw new FdLimitException(
					"A text of %d bytes is longer than the %d that fit into one message of the format apue"
						.formatted(text.length, MAX_TEXT));
		}
		put(text, text.length, 0, out);
	}

	/**
	 * The text of an error is shortened to fit, because the peer prints it as a line.
	 */
	private static void encodeError(OutgoingMessage message, OutgoingBuffer out) {
		String line = new String(message.payload(), StandardCharsets.UTF_8).replace((char) NUL, ' ').stripTrailing();
		byte[] text = (line.isEmpty() ? line : line + "\n").getBytes(StandardCharsets.UTF_8);
		put(text, Math.min(text.length, MAX_TEXT), Math.min(-1, Envelope.errorStatus(message.headers())), out);
	}

	/**
	 * A status is written without its sign.
	 */
	private static void put(byte[] text, int length, int status, OutgoingBuffer out) {
		out.room(length + 2).put(text, 0, length).put(NUL).put((byte) -Math.max(status, LOWEST_STATUS));
	}

	private static byte[] withoutNul(String what, byte[] bytes) {
		for (byte value : bytes) {
			if (value == NUL) {
				throw new FdConversionException(
						what + " of the format apue cannot contain a NUL, which is added as its end");
			}
		}
		return bytes;
	}

}
