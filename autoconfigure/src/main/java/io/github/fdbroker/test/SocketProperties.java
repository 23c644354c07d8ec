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

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

/**
 * The properties of one client or server. For use by one thread.
 */
final class SocketProperties {

	private final String prefix;

	private final Map<String, Object> values = new HashMap<>();

	private @Nullable MessageConverter converter;

	/**
	 * Create the properties.
	 * @param prefix where they are, with a full stop
	 * @param path the path of the socket
	 */
	SocketProperties(String prefix, Path path) {
		this.prefix = prefix;
		boolean isAbstract = !path.isAbsolute() && path.toString().startsWith("@");
		set("path", isAbstract ? path.toString() : path.toAbsolutePath().toString());
		set("allow-abstract-name", isAbstract);
		this.values.put("fdbroker.systemd.enabled", false);
	}

	void set(String name, Object value) {
		Assert.hasText(name, "'name' must not be empty");
		this.values.put(this.prefix + name, value);
	}

	void converter(MessageConverter converter) {
		this.converter = converter;
	}

	Map<String, Object> values() {
		return Map.copyOf(this.values);
	}

	EmbeddedBroker start() {
		return new EmbeddedBroker(values(), this.converter);
	}

}
