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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link InheritedSocketEnvironmentPostProcessor}.
 */
class InheritedSocketEnvironmentPostProcessorTests {

	@ParameterizedTest
	@ValueSource(strings = { "handoff", "hand-off", "handOff", "hand_off", "[hand.off]" })
	void processWhenSocketHasAnyNameLooksForItsDescriptor(String name) {
		StandardEnvironment environment = new StandardEnvironment();
		String socket = "fdbroker.sockets." + name;
		environment.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of(socket.replace(".[", "[") + ".path", "/run/socket")));
		assertThatCode(() -> new InheritedSocketEnvironmentPostProcessor().postProcessEnvironment(environment,
				new SpringApplication()))
			.doesNotThrowAnyException();
	}

}
