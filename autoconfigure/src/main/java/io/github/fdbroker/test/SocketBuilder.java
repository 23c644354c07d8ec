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

package io.github.fdbroker.test;

import java.util.Locale;

import org.springframework.messaging.converter.MessageConverter;

import io.github.fdbroker.SocketType;

/**
 * The settings that clients and servers share.
 *
 * @param <B> the builder itself
 */
abstract sealed class SocketBuilder<B extends SocketBuilder<B>> permits FdTestClient.Builder, FdTestServer.Builder {

	private final SocketProperties properties;

	SocketBuilder(SocketProperties properties) {
		this.properties = properties;
	}

	/**
	 * Set the type of the socket.
	 * @param type the type
	 * @return this builder
	 */
	public B type(SocketType type) {
		return property("type", type.name());
	}

	/**
	 * Set the format of the messages.
	 * @param format {@code frame}, {@code raw} or {@code apue}
	 * @return this builder
	 */
	public B format(String format) {
		return property("format", format.toLowerCase(Locale.ROOT));
	}

	/**
	 * Set a property.
	 * @param name the last part of its name, such as {@code max-descriptors}
	 * @param value the value
	 * @return this builder
	 */
	public B property(String name, Object value) {
		this.properties.set(name, value);
		return self();
	}

	B converter(MessageConverter converter) {
		this.properties.converter(converter);
		return self();
	}

	SocketProperties properties() {
		return this.properties;
	}

	@SuppressWarnings("unchecked")
	private B self() {
		return (B) this;
	}

}
