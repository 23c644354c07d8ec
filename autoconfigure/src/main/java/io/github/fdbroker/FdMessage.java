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

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A payload with headers and descriptors, on its way out or just arrived.
 * <p>
 * A <em>received</em> message owns its descriptors, each an {@link OwnedFd}, and its
 * payload is a {@code byte[]}. Close it: that closes what was not taken. A listener
 * method's message is closed for it.
 * <p>
 * A message <em>to send</em> is built with {@link #of(Object)} or {@link #builder()}. Its
 * payload is any object that a message converter can turn into bytes, and its descriptors
 * are any objects that have one; they stay their owner's, and sending only borrows them.
 * A received message can be sent on as it is.
 * <p>
 * Immutable, save for the descriptors' own state.
 */
public final class FdMessage implements Closeable {

	private static final byte[] EMPTY = new byte[0];

	private final Object payload;

	private final Map<String, String> headers;

	private final List<Attachment> attachments;

	private FdMessage(Object payload, Map<String, String> headers, List<Attachment> attachments) {
		this.payload = payload;
		this.headers = headers;
		this.attachments = attachments;
	}

	/**
	 * Create a message to send that has only a payload.
	 * @param payload the payload
	 * @return the message
	 */
	public static FdMessage of(Object payload) {
		return new FdMessage(payload, Map.of(), List.of());
	}

	/**
	 * Start a message to send.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the payload: the bytes of a received message, or the object to send.
	 * @return the payload, an empty {@code byte[]} if there is none
	 */
	public Object payload() {
		return this.payload;
	}

	/**
	 * Return the payload of a received message as text.
	 * @return the payload, read as UTF-8 if it is bytes
	 */
	public String text() {
		return (this.payload instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8)
				: this.payload.toString();
	}

	/**
	 * Return the headers.
	 * @return an unmodifiable map
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Return what this message carries, in the order it is sent or came.
	 * @return an unmodifiable list of descriptors and their names
	 */
	public List<Attachment> attachments() {
		return this.attachments;
	}

	/**
	 * Return the descriptors of a received message, in the order they came. They stay
	 * this message's until they are taken.
	 * @return an unmodifiable list
	 * @throws IllegalStateException if this is a message to send that has a source of
	 * another type
	 */
	public List<OwnedFd> descriptors() {
		return this.attachments.stream().map(Attachment::owned).toList();
	}

	/**
	 * Return the descriptor with the given position.
	 * @param index the position, from 0
	 * @return the descriptor, still this message's
	 * @throws FdConversionException if fewer came
	 */
	public OwnedFd descriptor(int index) {
		if (index >= this.attachments.size()) {
			throw new FdConversionException(
					"Descriptor %d was wanted, but the message carries %d".formatted(index, this.attachments.size()));
		}
		return this.attachments.get(index).owned();
	}

	/**
	 * Return the first descriptor with the given name.
	 * @param name the name
	 * @return the descriptor, still this message's, or empty
	 */
	public Optional<OwnedFd> descriptor(String name) {
		return this.attachments.stream()
			.filter((attachment) -> name.equals(attachment.name()))
			.findFirst()
			.map(Attachment::owned);
	}

	/**
	 * Return a message with the same descriptors and another payload and headers.
	 * @param payload the payload
	 * @param headers the headers
	 * @return the message, which owns what this one owns
	 */
	public FdMessage withPayload(Object payload, Map<String, String> headers) {
		return new FdMessage(payload, Map.copyOf(headers), this.attachments);
	}

	/**
	 * Close each descriptor that this message owns and nobody took. Sources that are not
	 * {@link OwnedFd}s are borrowed and left alone.
	 */
	@Override
	public void close() {
		for (Attachment attachment : this.attachments) {
			if (attachment.source() instanceof OwnedFd owned) {
				owned.close();
			}
		}
	}

	@Override
	public String toString() {
		String size = (this.payload instanceof byte[] bytes) ? bytes.length + " bytes"
				: this.payload.getClass().getSimpleName();
		return "FdMessage[payload=" + size + ", headers=" + this.headers.keySet() + ", descriptors="
				+ this.attachments.size() + "]";
	}

	/**
	 * A descriptor that a message carries.
	 *
	 * @param name the name it goes by, or {@code null}
	 * @param source the {@link OwnedFd} that arrived, or the object whose descriptor is
	 * to be sent
	 */
	public record Attachment(@Nullable String name, Object source) {

		private OwnedFd owned() {
			if (this.source instanceof OwnedFd owned) {
				return owned;
			}
			throw new IllegalStateException("A message to send has " + this.source.getClass().getName()
					+ " where a received one has an OwnedFd");
		}

	}

	/**
	 * Collects the parts of a message to send. For use by one thread.
	 */
	public static final class Builder {

		private Object payload = EMPTY;

		private Map<String, String> headers = Map.of();

		private final List<Attachment> attachments = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Set the payload.
		 * @param payload an object that a message converter knows: bytes, text, or what
		 * can be written as JSON
		 * @return this builder
		 */
		public Builder payload(Object payload) {
			this.payload = Objects.requireNonNullElse(payload, EMPTY);
			return this;
		}

		/**
		 * Set a header.
		 * @param name the name
		 * @param value the value, sent as its text
		 * @return this builder
		 */
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

		/**
		 * Add a descriptor without a name.
		 * @param source an object that has a descriptor
		 * @return this builder
		 */
		public Builder descriptor(Object source) {
			Assert.notNull(source, "'source' must not be null");
			this.attachments.add(new Attachment(null, source));
			return this;
		}

		/**
		 * Add a descriptor with a name that the receiver can pick it by.
		 * @param name the name
		 * @param source an object that has a descriptor
		 * @return this builder
		 */
		public Builder descriptor(String name, Object source) {
			Assert.hasText(name, "'name' must not be empty");
			Assert.notNull(source, "'source' must not be null");
			this.attachments.add(new Attachment(name, source));
			return this;
		}

		/**
		 * Set the payload, and add the headers and descriptors, of another message.
		 * @param message the message
		 * @return this builder
		 */
		public Builder message(FdMessage message) {
			this.attachments.addAll(message.attachments());
			return payload(message.payload()).headers(message.headers());
		}

		/**
		 * Return the message.
		 * @return a new message
		 */
		public FdMessage build() {
			return new FdMessage(this.payload, Map.copyOf(this.headers), List.copyOf(this.attachments));
		}

	}

}
