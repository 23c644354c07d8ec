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

import java.io.FileDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.system.BorrowedFd;

/**
 * A message that is ready to be sent, with the descriptors that it borrows until
 * sendmsg(2) has returned. Closing it releases them.
 *
 * @param kind the kind of message
 * @param correlation the number that a request and its reply share, 0 if there is none
 * @param payload the payload
 * @param headers the headers
 * @param attachments the descriptors, in order
 */
public record OutgoingMessage(MessageKind kind, long correlation, byte[] payload, Map<String, String> headers,
		List<Attachment> attachments) implements AutoCloseable {

	/**
	 * The limit of the text of an error, so that the message fits its receiver's limit.
	 */
	private static final int MAX_ERROR_CHARACTERS = 8000;

	/** The size of the fixed parts of a frame and a message. */
	private static final int FIXED_BYTES = 32;

	/** The maximum size of a {@code char} in UTF-8. */
	private static final long UTF_8_BYTES = 3;

	/**
	 * Create the reply to a request that failed.
	 * @param correlation the number of the request
	 * @param failure the failure
	 * @return the reply
	 */
	public static OutgoingMessage error(long correlation, Throwable failure) {
		Map<String, String> headers = new HashMap<>();
		headers.put(FdHeaders.ERROR_TYPE, failure.getClass().getName());
		if (failure instanceof FdRemoteException remote && remote.getStatus() != 0) {
			headers.put(FdHeaders.ERROR_STATUS, String.valueOf(remote.getStatus()));
		}
		return new OutgoingMessage(MessageKind.ERROR, correlation,
				cut(String.valueOf(failure.getMessage())).getBytes(StandardCharsets.UTF_8), headers, List.of());
	}

	private static String cut(String text) {
		return (text.length() <= MAX_ERROR_CHARACTERS) ? text
				: text.substring(0, MAX_ERROR_CHARACTERS) + "... (" + text.length() + " characters)";
	}

	/**
	 * Return this as a request.
	 * @param correlation the number that its reply will have
	 * @return the request, which replaces this message
	 */
	public OutgoingMessage asRequest(long correlation) {
		return new OutgoingMessage(MessageKind.REQUEST, correlation, this.payload, this.headers, this.attachments);
	}

	/**
	 * Return this as a reply.
	 * @param correlation the number of the request
	 * @return the reply, which replaces this message
	 */
	public OutgoingMessage asReply(long correlation) {
		return new OutgoingMessage(MessageKind.REPLY, correlation, this.payload, this.headers, this.attachments);
	}

	/**
	 * Return the maximum size of this message in any format.
	 * @return the number of bytes
	 */
	public long maxBytes() {
		long characters = 0;
		for (Attachment attachment : this.attachments) {
			characters += (attachment.name() != null) ? attachment.name().length() : 0;
		}
		for (Map.Entry<String, String> header : this.headers.entrySet()) {
			characters += header.getKey().length() + header.getValue().length();
		}
		return FIXED_BYTES + this.attachments.size() + 4L * this.headers.size() + UTF_8_BYTES * characters
				+ this.payload.length;
	}

	/**
	 * Return the descriptors of several messages.
	 * @param messages the messages
	 * @return the descriptors of all of them, in order, which are open until the messages
	 * are closed
	 */
	static List<FileDescriptor> descriptors(List<OutgoingMessage> messages) {
		List<FileDescriptor> descriptors = new ArrayList<>();
		for (OutgoingMessage message : messages) {
			for (Attachment attachment : message.attachments) {
				descriptors.add(attachment.borrowed().descriptor());
			}
		}
		return descriptors;
	}

	/**
	 * Release the borrowed descriptors.
	 */
	@Override
	public void close() {
		for (Attachment attachment : this.attachments) {
			attachment.borrowed().close();
		}
	}

	/**
	 * A descriptor that is sent with a message.
	 *
	 * @param name its name, or {@code null}
	 * @param borrowed the descriptor
	 */
	public record Attachment(@Nullable String name, BorrowedFd borrowed) {

	}

}
