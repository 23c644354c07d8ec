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

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.GenericMessage;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Makes ready to be sent what an application wants to send: turns the payload into bytes,
 * and borrows the descriptors.
 */
public final class MessageComposer {

	private final MessageConverter converter;

	/**
	 * Create a composer.
	 * @param converter what turns payloads into bytes
	 */
	public MessageComposer(MessageConverter converter) {
		this.converter = converter;
	}

	/**
	 * Make a message ready to be sent.
	 * @param message the message
	 * @return the same with a payload of bytes and borrowed descriptors, to be closed
	 * when it was sent
	 * @throws FdConversionException if the payload cannot become bytes, or a source has
	 * no descriptor
	 */
	public OutgoingMessage compose(FdMessage message) {
		FdMessage encoded = encode(message);
		List<OutgoingMessage.Attachment> borrowed = new ArrayList<>(encoded.attachments().size());
		OutgoingMessage outgoing = new OutgoingMessage(MessageKind.ONE_WAY, 0, (byte[]) encoded.payload(),
				encoded.headers(), borrowed);
		try {
			for (Attachment attachment : encoded.attachments()) {
				borrowed.add(new OutgoingMessage.Attachment(attachment.name(), FdSources.borrow(attachment.source())));
			}
			return outgoing;
		}
		catch (RuntimeException | Error ex) {
			outgoing.close();
			throw ex;
		}
	}

	/**
	 * Turn the payload of a received message into an object.
	 * @param message the message
	 * @param type the type of the object
	 * @param <T> the type of the object
	 * @return the object
	 * @throws FdConversionException if the payload cannot become one
	 */
	@SuppressWarnings("unchecked")
	public <T> T payload(FdMessage message, ParameterizedTypeReference<T> type) {
		PayloadType hint = new PayloadType(type.getType());
		Class<?> target = hint.getParameterType();
		if (target.isInstance(message.payload())) {
			return (T) message.payload();
		}
		try {
			Message<?> encoded = new GenericMessage<>(message.payload(), new HashMap<>(message.headers()));
			Object payload = (this.converter instanceof SmartMessageConverter smart)
					? smart.fromMessage(encoded, target, hint) : this.converter.fromMessage(encoded, target);
			if (payload != null) {
				return (T) payload;
			}
		}
		catch (MessageConversionException ex) {
			throw new FdConversionException(
					"The payload is no %s: %s".formatted(type.getType().getTypeName(), ex.getMessage()), ex);
		}
		throw new FdConversionException("No message converter reads a payload as " + type.getType().getTypeName());
	}

	private FdMessage encode(FdMessage message) {
		if (message.payload() instanceof byte[]) {
			return message;
		}
		if (message.payload() instanceof CharSequence text) {
			return message.withPayload(text.toString().getBytes(StandardCharsets.UTF_8), message.headers());
		}
		Message<?> converted = convert(message);
		Map<String, String> headers = new HashMap<>(message.headers());
		Object contentType = converted.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		if (contentType != null) {
			headers.put(MessageHeaders.CONTENT_TYPE, contentType.toString());
		}
		Class<?> type = message.payload().getClass();
		if (!type.getName().startsWith("java.") && !type.isAnonymousClass()) {
			headers.putIfAbsent(FdHeaders.PAYLOAD_TYPE, type.getSimpleName());
		}
		return message.withPayload(converted.getPayload(), headers);
	}

	private Message<?> convert(FdMessage message) {
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
