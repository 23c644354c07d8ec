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
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

/**
 * A message that was received: a payload, headers and descriptors.
 * <p>
 * It owns its descriptors until they are taken. Closing it closes those that were not
 * taken. The message of a listener method is closed for the method. Immutable, except for
 * the state of the descriptors.
 *
 * @see OutgoingFdMessage
 */
public final class FdMessage implements Closeable {

	private final byte[] payload;

	private final Map<String, String> headers;

	private final List<OwnedFd> descriptors;

	/** Empty where no descriptor has a name. */
	private final List<Attachment> named;

	private final @Nullable MessageConverter converter;

	private FdMessage(byte[] payload, Map<String, String> headers, List<OwnedFd> descriptors, List<Attachment> named,
			@Nullable MessageConverter converter) {
		this.payload = payload;
		this.headers = headers;
		this.descriptors = descriptors;
		this.named = named;
		this.converter = converter;
	}

	/**
	 * Create a message as if it had been received.
	 * @param payload the payload
	 * @param headers the headers
	 * @param attachments the descriptors, which the message owns from then on
	 * @return the message
	 */
	public static FdMessage of(byte[] payload, Map<String, String> headers, List<Attachment> attachments) {
		return new FdMessage(payload, Map.copyOf(headers), attachments.stream().map(Attachment::descriptor).toList(),
				List.copyOf(attachments), null);
	}

	/**
	 * Create a message without headers and names, as if it had been received.
	 * @param payload the payload
	 * @param descriptors the descriptors, which the message owns from then on
	 * @return the message
	 */
	public static FdMessage of(byte[] payload, List<? extends OwnedFd> descriptors) {
		return new FdMessage(payload, Map.of(), List.copyOf(descriptors), List.of(), null);
	}

	/**
	 * Return this message with a converter for its payload.
	 * @param converter what {@link #payload(Class)} reads the payload with
	 * @return a message that takes the place of this one, with the same descriptors
	 */
	public FdMessage withConverter(MessageConverter converter) {
		return new FdMessage(this.payload, this.headers, this.descriptors, this.named, converter);
	}

	/**
	 * Return the payload.
	 * @return the bytes, not copied; empty if there are none
	 */
	public byte[] payload() {
		return this.payload;
	}

	/**
	 * Return the payload as text.
	 * @return the payload, read as UTF-8
	 */
	public String text() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	/**
	 * Read the payload with the message converters.
	 * @param type the type to read it as
	 * @param <T> the type
	 * @return the payload
	 * @throws FdConversionException if the payload cannot be read as this type
	 */
	public <T> T payload(Class<T> type) {
		return payload(ParameterizedTypeReference.forType(type));
	}

	/**
	 * Read the payload with the message converters.
	 * @param type the type to read it as, with type arguments
	 * @param <T> the type
	 * @return the payload
	 * @throws FdConversionException if the payload cannot be read as this type
	 */
	@SuppressWarnings("unchecked")
	public <T> T payload(ParameterizedTypeReference<T> type) {
		Assert.state(this.converter != null, "This message has no converter for its payload");
		return (T) new PayloadType(type.getType()).read(this, this.converter);
	}

	/**
	 * Return the headers.
	 * @return an unmodifiable map
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Return the descriptors and their names, in the order they came.
	 * @return an unmodifiable list
	 */
	public List<Attachment> attachments() {
		if (this.descriptors.isEmpty() || !this.named.isEmpty()) {
			return this.named;
		}
		return this.descriptors.stream().map((owned) -> new Attachment(null, owned)).toList();
	}

	/**
	 * Return the descriptors, in the order they came. The message owns them until they
	 * are taken.
	 * @return an unmodifiable list
	 */
	public List<OwnedFd> descriptors() {
		return this.descriptors;
	}

	/**
	 * Return the descriptor with the given position.
	 * @param index the position, from 0
	 * @return the descriptor, which the message still owns
	 * @throws FdConversionException if the message has fewer descriptors
	 */
	public OwnedFd descriptor(int index) {
		if (index >= this.descriptors.size()) {
			throw new FdConversionException(
					"Descriptor %d was wanted, but the message carries %d".formatted(index, this.descriptors.size()));
		}
		return this.descriptors.get(index);
	}

	/**
	 * Return the first descriptor with the given name.
	 * @param name the name
	 * @return the descriptor, which the message still owns, or empty
	 */
	public Optional<OwnedFd> descriptor(String name) {
		return this.named.stream()
			.filter((attachment) -> name.equals(attachment.name()))
			.findFirst()
			.map(Attachment::descriptor);
	}

	/**
	 * Close each descriptor that was not taken.
	 */
	@Override
	public void close() {
		if (this.descriptors.size() == 1) {
			this.descriptors.get(0).close();
		}
		else if (!this.descriptors.isEmpty()) {
			this.descriptors.get(0).closeAll(this.descriptors);
		}
	}

	@Override
	public String toString() {
		return "FdMessage[payload=" + this.payload.length + " bytes, headers=" + this.headers.keySet()
				+ ", descriptors=" + this.descriptors.size() + "]";
	}

	/**
	 * A descriptor that came with a message.
	 *
	 * @param name its name, or {@code null}
	 * @param descriptor the descriptor
	 */
	public record Attachment(@Nullable String name, OwnedFd descriptor) {

	}

}
