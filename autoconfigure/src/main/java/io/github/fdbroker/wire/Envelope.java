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
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.PeerCredentials;

/**
 * A message and what the other side needs to know to treat it.
 *
 * @param kind what it is for
 * @param correlation the number that a request and its reply share, 0 where there is none
 * @param message the message, whose payload is a {@code byte[]}
 * @param sender who sent it, {@code null} where the socket does not ask the kernel
 */
public record Envelope(MessageKind kind, long correlation, FdMessage message, @Nullable PeerCredentials sender) {

	/** What a frame and a message always have. */
	private static final int FIXED_BYTES = 32;

	/** The most that a {@code char} takes. */
	private static final long UTF_8_BYTES = 3;

	/**
	 * Create an envelope of a message whose sender is not known.
	 * @param kind what it is for
	 * @param correlation the number that a request and its reply share, 0 where there is
	 * none
	 * @param message the message
	 */
	public Envelope(MessageKind kind, long correlation, FdMessage message) {
		this(kind, correlation, message, null);
	}

	/**
	 * Create the reply to a request that failed.
	 * @param correlation the number of the request
	 * @param failure what it failed with
	 * @return the reply
	 */
	public static Envelope error(long correlation, Throwable failure) {
		FdMessage.Builder message = FdMessage.builder()
			.header(FdHeaders.ERROR_TYPE, failure.getClass().getName())
			.payload(String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8));
		if (failure instanceof FdRemoteException remote && remote.getStatus() != 0) {
			message.header(FdHeaders.ERROR_STATUS, remote.getStatus());
		}
		return new Envelope(MessageKind.ERROR, correlation, message.build());
	}

	/**
	 * Return the status of an error.
	 * @return a negative number, 0 if there is none
	 */
	public int errorStatus() {
		try {
			return Math.min(0, Integer.parseInt(this.message.headers().getOrDefault(FdHeaders.ERROR_STATUS, "0")));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Return the most bytes that this can take in any format.
	 * @return the number of bytes
	 */
	public long maxBytes() {
		long characters = 0;
		for (Attachment attachment : this.message.attachments()) {
			characters += (attachment.name() != null) ? attachment.name().length() : 0;
		}
		for (Map.Entry<String, String> header : this.message.headers().entrySet()) {
			characters += header.getKey().length() + header.getValue().length();
		}
		return FIXED_BYTES + this.message.attachments().size() + 4L * this.message.headers().size()
				+ UTF_8_BYTES * characters + payload().length;
	}

	byte[] payload() {
		return (byte[]) this.message.payload();
	}

}
