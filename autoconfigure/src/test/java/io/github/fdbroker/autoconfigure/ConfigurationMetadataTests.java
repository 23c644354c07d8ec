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

package io.github.fdbroker.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DefaultValue;

import io.github.fdbroker.autoconfigure.FdBrokerProperties.Child;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Peer;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Principals;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Socket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata for IDEs describes each property, also those of sockets, peers and
 * children.
 */
class ConfigurationMetadataTests {

	private static final JsonNode METADATA = read("spring-configuration-metadata.json");

	private static final JsonNode ADDITIONAL = read("additional-spring-configuration-metadata.json");

	@ParameterizedTest
	@MethodSource
	void metadataWhenReadDescribesEachProperty(Class<?> type, String prefix) throws Exception {
		RecordComponent[] components = type.getRecordComponents();
		for (int i = 0; i < components.length; i++) {
			RecordComponent component = components[i];
			if (component.getType() == Principals.class) {
				continue;
			}
			String name = prefix + kebab(component.getName());
			JsonNode property = find("properties", name);
			assertThat(property.path("description").asString("")).as(name).endsWith(".");
			assertThat(property.path("type").asString("")).as(name).isNotEmpty();
			DefaultValue value = defaultValue(type, components, i);
			if (value != null && value.value().length > 0) {
				assertThat(property.path("defaultValue").asString("")).as(name).isEqualTo(value.value()[0]);
			}
		}
	}

	static Stream<Arguments> metadataWhenReadDescribesEachProperty() {
		return Stream.of(Arguments.of(Socket.class, "fdbroker.sockets.*."),
				Arguments.of(Principals.class, "fdbroker.sockets.*.allow."),
				Arguments.of(Peer.class, "fdbroker.peers.*."),
				Arguments.of(Principals.class, "fdbroker.peers.*.expect."),
				Arguments.of(Child.class, "fdbroker.children.*."));
	}

	@Test
	void hintsWhenReadAreOfPropertiesAndNameValuesThatExist() {
		List<String> names = new ArrayList<>();
		ADDITIONAL.path("hints").forEach((hint) -> {
			names.add(hint.path("name").asString());
			JsonNode property = find("properties", hint.path("name").asString());
			hint.path("values").forEach((value) -> assertValue(property.path("type").asString(), value));
		});
		assertThat(names).contains("fdbroker.sockets.*.path", "fdbroker.sockets.*.type", "fdbroker.sockets.*.format",
				"fdbroker.sockets.*.mode", "fdbroker.peers.*.path", "fdbroker.peers.*.type", "fdbroker.peers.*.format",
				"fdbroker.children.*.format", "fdbroker.transport", "fdbroker.directory");
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void assertValue(String type, JsonNode value) {
		assertThat(value.path("description").asString("")).endsWith(".");
		try {
			Class<?> target = Class.forName(type);
			if (target.isEnum()) {
				Enum.valueOf((Class) target, value.path("value").asString().toUpperCase(Locale.ROOT));
			}
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DefaultValue defaultValue(Class<?> type, RecordComponent[] all, int index) throws Exception {
		Class<?>[] types = Stream.of(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
		return type.getDeclaredConstructor(types).getParameters()[index].getAnnotation(DefaultValue.class);
	}

	private static JsonNode find(String array, String name) {
		for (JsonNode node : METADATA.path(array)) {
			if (node.path("name").asString().equals(name)) {
				return node;
			}
		}
		throw new AssertionError(name + " is not described");
	}

	private static JsonNode read(String name) {
		try (InputStream file = FdBrokerProperties.class.getResourceAsStream("/META-INF/" + name)) {
			return new JsonMapper().readTree(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
