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

package io.github.fdbroker.systemd;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.socket.InheritedDescriptorException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ListenEnvironment}.
 */
class ListenEnvironmentTests {

	@Test
	void namesWhenGivenAreInOrderAndMayRepeatOrBeEmpty() {
		assertThat(of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "4", "LISTEN_FDNAMES", "http:admin:http:")))
			.containsExactly("http", "admin", "http", "");
	}

	@Test
	void namesWhenNotGivenAreUnknown() {
		assertThat(of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "2"))).containsExactly("unknown", "unknown");
	}

	@Test
	void namesWhenNotForThisProcessAreNone() {
		assertThat(of(Map.of())).isEmpty();
		assertThat(of(Map.of("LISTEN_PID", "43", "LISTEN_FDS", "2"))).isEmpty();
		assertThat(of(Map.of("LISTEN_PID", "4", "LISTEN_FDS", "nonsense"))).isEmpty();
		assertThat(of(Map.of("LISTEN_FDS", "2"))).isEmpty();
		assertThat(of(Map.of("LISTEN_PID", "42"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "-1", "two", "99999999999", "2147483647" })
	void countWhenNoneIsPossibleFails(String count) {
		assertThatExceptionOfType(InheritedDescriptorException.class)
			.isThrownBy(() -> of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", count)))
			.withMessageContainingAll("LISTEN_FDS", count);
	}

	@Test
	void namesWhenMoreOrFewerThanDescriptorsFail() {
		assertThatExceptionOfType(InheritedDescriptorException.class)
			.isThrownBy(() -> of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "http")))
			.withMessageContainingAll("LISTEN_FDS", "2", "LISTEN_FDNAMES", "http");
	}

	private static List<String> of(Map<String, String> environment) {
		return ListenEnvironment.of(environment, 42).names();
	}

}
