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

package io.github.fdbroker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A message to send: a payload that a message converter can turn into bytes, headers, and
 * objects that have a descriptor. The caller keeps the objects, and sending only borrows
 * their descriptors; a listener method that returns such a message gives them away.
 * Immutable, and may be sent several times.
 *
 * @see FdMessage
 */
public final class OutgoingFdMessage {

	private static final byte[] EMPTY = new byte[0];

	private final Object payload;

	private final Map<String, String> headers;

	private final List<Attachment> attachments;

	private OutgoingFdMessage(Object payload, Map<String, String> headers, List<Attachment> attachments) {
		this.payload = payload;
		this.headers = headers;
		this.attachments = attachments;
	}

	/**
	 * Create a message that has only a payload.
	 * @param payload an object that a message converter supports: bytes, text, or an
	 * object that can be written as JSON
	 * @return the message
	 */
	public static OutgoingFdMessage of(Object payload) {
		return new OutgoingFdMessage(payload, Map.of(), List.of());
	}

	/**
	 * Create a message with the payload, headers and descriptors of a received one, which
	 * still owns the descriptors.
	 * @param received the received message
	 * @return the message
	 */
	public static OutgoingFdMessage forward(FdMessage received) {
		return new OutgoingFdMessage(received.payload(), received.headers(),
				received.attachments()
					.stream()
					.map((attachment) -> new Attachment(attachment.name(), attachment.descriptor()))
					.toList());
	}

	/**
	 * Start a message.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the payload.
	 * @return the payload, an empty {@code byte[]} if there is none
	 */
	public Object payload() {
		return this.payload;
	}

	/**
	 * Return the headers.
	 * @return an unmodifiable map
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Return the objects whose descriptors are sent, in order.
	 * @return an unmodifiable list
	 */
	public List<Attachment> attachments() {
		return this.attachments;
	}

	@Override
	public String toString() {
		return "OutgoingFdMessage[payload=" + this.payload.getClass().getSimpleName() + ", headers="
				+ this.headers.keySet() + ", descriptors=" + this.attachments.size() + "]";
	}

	/**
	 * An object whose descriptor is sent.
	 *
	 * @param name the name by which the receiver can select it, or {@code null}
	 * @param source the object
	 */
	public record Attachment(@Nullable String name, Object source) {

	}

	/**
	 * Builds a message. For use by one thread.
	 */
	public static final class Builder implements MessageParts<Builder> {

		private Object payload = EMPTY;

		private Map<String, String> headers = Map.of();

		private final List<Attachment> attachments = new ArrayList<>();

		private Builder() {
		}

		@Override
		public Builder payload(Object payload) {
			this.payload = Objects.requireNonNullElse(payload, EMPTY);
			return this;
		}

		@Override
		public Builder header(String name, Object value) {
			Assert.hasText(name, "'name' must not be empty");
			if (this.headers.isEmpty()) {
				this.headers = new LinkedHashMap<>();
			}
			this.headers.put(name, String.valueOf(value));
			return this;
		}

		/**
		 * Set several headers.
		 * @param headers the names and values
		 * @return this builder
		 */
		public Builder headers(Map<String, String> headers) {
			headers.forEach(this::header);
			return this;
		}

		@Override
		public Builder descriptor(Object source) {
			Assert.notNull(source, "'source' must not be null");
			if (source instanceof Map<?, ?> named) {
				named.forEach((name, each) -> descriptor(name.toString(), each));
			}
			else if (source instanceof Collection<?> several) {
				several.forEach(this::descriptor);
			}
			else {
				this.attachments.add(new Attachment(null, source));
			}
			return this;
		}

		@Override
		public Builder descriptor(String name, Object source) {
			Assert.hasText(name, "'name' must not be empty");
			Assert.notNull(source, "'source' must not be null");
			if (source instanceof Collection<?> several) {
				several.forEach((each) -> descriptor(name, each));
			}
			else {
				this.attachments.add(new Attachment(name, source));
			}
			return this;
		}

		@Override
		public Builder message(OutgoingFdMessage message) {
			this.attachments.addAll(message.attachments());
			return payload(message.payload()).headers(message.headers());
		}

		/**
		 * Return the message.
		 * @return a new message
		 */
		public OutgoingFdMessage build() {
			return new OutgoingFdMessage(this.payload, Map.copyOf(this.headers), List.copyOf(this.attachments));
		}

	}

}
