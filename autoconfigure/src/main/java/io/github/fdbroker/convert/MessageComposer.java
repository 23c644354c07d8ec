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

package io.github.fdbroker.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OutgoingFdMessage.Attachment;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Prepares messages for sending: converts the payload to bytes, and borrows the
 * descriptors.
 */
public final class MessageComposer {

	private final MessageConverter converter;

	private final FdSources sources;

	/**
	 * Create a composer.
	 * @param converter converts payloads to bytes
	 * @param sources finds the descriptors of objects
	 */
	public MessageComposer(MessageConverter converter, FdSources sources) {
		this.converter = converter;
		this.sources = sources;
	}

	/**
	 * Return the sources of descriptors.
	 * @return the sources, which find the descriptors of objects
	 */
	public FdSources sources() {
		return this.sources;
	}

	/**
	 * Prepare a message for sending.
	 * @param message the message
	 * @return the message with its payload as bytes and borrowed descriptors, to be
	 * closed by the caller when it is sent
	 * @throws FdConversionException if the payload cannot be converted to bytes, or a
	 * source has no descriptor
	 */
	public OutgoingMessage compose(OutgoingFdMessage message) {
		List<OutgoingMessage.Attachment> borrowed = new ArrayList<>(message.attachments().size());
		OutgoingMessage outgoing = encode(message, borrowed);
		try {
			for (Attachment attachment : message.attachments()) {
				borrowed
					.add(new OutgoingMessage.Attachment(attachment.name(), this.sources.borrow(attachment.source())));
			}
			return outgoing;
		}
		catch (RuntimeException | Error ex) {
			outgoing.close();
			throw ex;
		}
	}

	/**
	 * Prepare a message for sending that transfers the ownership of its descriptors to
	 * the receiver. The caller must {@linkplain FdSources#closeHandedOver close} their
	 * sources afterwards.
	 * @param message the message
	 * @return as {@link #compose}
	 * @throws FdConversionException as {@link #compose}, and if closing a source would
	 * shut down a connection that the receiver uses
	 */
	public OutgoingMessage composeToHandOver(OutgoingFdMessage message) {
		this.sources.checkHandOver(message.attachments());
		return compose(message);
	}

	/**
	 * Make the payload of a received message readable.
	 * @param message the message
	 * @return the message that replaces it
	 */
	public FdMessage received(FdMessage message) {
		return message.withConverter(this.converter);
	}

	/**
	 * Make a received message readable whose descriptors the application has to close. If
	 * that fails, the message is closed.
	 * @param message the message
	 * @return the message that replaces it
	 */
	public FdMessage handedOut(FdMessage message) {
		try {
			message.descriptors().forEach(MessageComposer::escape);
			return received(message);
		}
		catch (RuntimeException | Error ex) {
			message.close();
			throw ex;
		}
	}

	private static void escape(OwnedFd descriptor) {
		if (descriptor instanceof DescriptorHandle handle) {
			handle.escape();
		}
	}

	private OutgoingMessage encode(OutgoingFdMessage message, List<OutgoingMessage.Attachment> attachments) {
		if (message.payload() instanceof byte[] bytes) {
			return outgoing(bytes, message.headers(), attachments);
		}
		if (message.payload() instanceof CharSequence text) {
			return outgoing(text.toString().getBytes(StandardCharsets.UTF_8), message.headers(), attachments);
		}
		Message<?> converted = convert(message);
		return outgoing((byte[]) converted.getPayload(), headers(message, converted), attachments);
	}

	private static OutgoingMessage outgoing(byte[] payload, Map<String, String> headers,
			List<OutgoingMessage.Attachment> attachments) {
		return new OutgoingMessage(MessageKind.ONE_WAY, 0, payload, headers, attachments);
	}

	/**
	 * Return the headers with those that say how to read the payload.
	 */
	private static Map<String, String> headers(OutgoingFdMessage message, Message<?> converted) {
		Map<String, String> headers = new HashMap<>(message.headers());
		Object contentType = converted.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		if (contentType != null) {
			headers.put(FdHeaders.CONTENT_TYPE, contentType.toString());
		}
		Class<?> type = message.payload().getClass();
		if (!type.getName().startsWith("java.") && !type.isAnonymousClass()) {
			headers.putIfAbsent(FdHeaders.PAYLOAD_TYPE, type.getSimpleName());
		}
		return headers;
	}

	private Message<?> convert(OutgoingFdMessage message) {
		String type = message.payload().getClass().getName();
		try {
			Message<?> converted = this.converter.toMessage(message.payload(),
					new MessageHeaders(new HashMap<>(message.headers())));
			if (converted != null && converted.getPayload() instanceof byte[]) {
				return converted;
			}
		}
		catch (MessageConversionException ex) {
			throw new FdConversionException(
					"A payload of type %s cannot be written: %s".formatted(type, ex.getMessage()), ex);
		}
		throw new FdConversionException("No message converter writes a payload of type " + type
				+ "; for JSON add spring-boot-starter-jackson to the class path");
	}

}
