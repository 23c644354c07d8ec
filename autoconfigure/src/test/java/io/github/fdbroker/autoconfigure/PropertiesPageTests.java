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
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.fdbroker.autoconfigure.FdBrokerProperties.Child;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.DescriptorQuota;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Leaks;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Listener;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Peer;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Principals;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Socket;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Systemd;
import io.github.fdbroker.autoconfigure.takeover.FdTakeoverProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference page names every property there is.
 */
class PropertiesPageTests {

	@ParameterizedTest
	@MethodSource
	void pageWhenReadNamesEachProperty(Class<?> type, String prefix) throws IOException {
		String page = Files.readString(Path.of("src/docs/properties.md"));
		for (RecordComponent property : type.getRecordComponents()) {
			if (!isNested(property)) {
				assertThat(page).contains("`" + prefix + kebab(property.getName()) + "`");
			}
		}
	}

	static Stream<Arguments> pageWhenReadNamesEachProperty() {
		return Stream.of(Arguments.of(FdBrokerProperties.class, ""), Arguments.of(Socket.class, "sockets.<name>."),
				Arguments.of(Principals.class, "sockets.<name>.allow."), Arguments.of(Peer.class, "peers.<name>."),
				Arguments.of(Principals.class, "peers.<name>.expect."), Arguments.of(Child.class, "children.<name>."),
				Arguments.of(DescriptorQuota.class, "held-descriptors."), Arguments.of(Listener.class, "listener."),
				Arguments.of(Leaks.class, "leaks."), Arguments.of(Systemd.class, "systemd."));
	}

	@Test
	void pageOnTakeOversWhenReadNamesEachProperty() {
		for (RecordComponent property : FdTakeoverProperties.class.getRecordComponents()) {
			assertThat(Path.of("src/docs/takeover.md")).content()
				.contains("`fdbroker.takeover." + kebab(property.getName()) + "`");
		}
	}

	@Test
	void pageWhenReadNamesPropertiesThatAreConditions() {
		assertThat(Path.of("src/docs/properties.md")).content().contains("`enabled`", "`systemd.enabled`");
	}

	private static boolean isNested(RecordComponent property) {
		return property.getType().isRecord() && property.getType() != SocketMode.class
				|| property.getType() == Map.class;
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
