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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import io.github.fdbroker.testsupport.PageBlocks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The configuration on the page about containers is valid.
 */
class ContainersPageTests {

	@ParameterizedTest
	@MethodSource
	void configurationWhenBoundIsValid(String yaml) throws IOException {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("page",
				new ByteArrayResource(yaml.getBytes()));
		FdBrokerProperties properties = new Binder(ConfigurationPropertySources.from(sources))
			.bind("fdbroker", FdBrokerProperties.class)
			.get();
		PropertiesSettings settings = new PropertiesSettings(properties, null, null, false);
		assertThat(settings.sockets().size() + settings.peers().size()).isOne();
		assertThat(Map.of("sockets", settings.sockets(), "peers", settings.peers()).toString())
			.contains("/var/run/fdbroker/desk.sock");
	}

	static List<String> configurationWhenBoundIsValid() throws IOException {
		return PageBlocks.read(Path.of("src/docs/containers.md"))
			.in("yaml")
			.stream()
			.filter((block) -> block.startsWith("fdbroker:"))
			.toList();
	}

}
