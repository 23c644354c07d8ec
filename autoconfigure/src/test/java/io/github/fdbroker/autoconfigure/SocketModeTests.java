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

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SocketMode}.
 */
class SocketModeTests {

	@ParameterizedTest
	@CsvSource({ "0600,rw-------", "0777,rwxrwxrwx", "rw-rw-rw-,rw-rw-rw-", "0000,---------" })
	void bindWhenTextIsReadAsChmodWould(String text, String mode) {
		assertThat(bind(text)).hasToString(mode);
	}

	@Test
	void bindWhenYamlMadeOctalNumberOfItKeepsPermissions() {
		assertThat(bind(0660)).hasToString("rw-rw----");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0999", "8", "660", "rw", "rwx", "01777", "-600", "rw-rw-rw-x" })
	void bindWhenNoModeFails(String text) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(text))
			.havingRootCause()
			.withMessageContaining(
					"'" + text + "' is not a mode; write it in octal with a leading zero, such as 0660, or");
	}

	@Test
	void bindWhenDecimalNumberFails() {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(660))
			.havingRootCause()
			.withMessageContaining("leading zero");
	}

	private static SocketMode bind(Object value) {
		return new Binder(new MapConfigurationPropertySource(Map.of("mode", value))).bind("mode", SocketMode.class)
			.get();
	}

}
