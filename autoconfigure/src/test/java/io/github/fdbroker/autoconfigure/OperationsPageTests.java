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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpoint.DescriptorsDescriptor;
import io.github.fdbroker.autoconfigure.actuate.PeerDescriptor;
import io.github.fdbroker.autoconfigure.actuate.SocketDescriptor;
import io.github.fdbroker.autoconfigure.actuate.SocketDescriptor.ConnectionDescriptor;
import io.github.fdbroker.autoconfigure.metrics.FdBrokerMetricsAutoConfiguration;
import io.github.fdbroker.listener.HeldDescriptors.HeldDescriptor;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page on operations names each metric, field, reason and event, and its messages are
 * those of the code.
 */
class OperationsPageTests {

	private static final Path PAGE = Path.of("src/docs/operations.md");

	@TempDir
	Path directory;

	@Test
	void pageWhenReadNamesEachMetric() throws IOException {
		String page = Files.readString(PAGE);
		TestApplication.withoutListener(this.directory)
			.withConfiguration(AutoConfigurations.of(FdBrokerMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBeansOfType(MeterBinder.class).values().forEach((binder) -> binder.bindTo(registry));
				assertThat(registry.getMeters()).hasSizeGreaterThan(10)
					.extracting(Meter::getId)
					.allSatisfy((id) -> assertThat(page).contains("| `" + id.getName() + "` |"));
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { SocketDescriptor.class, ConnectionDescriptor.class, DescriptorsDescriptor.class,
			HeldDescriptor.class, PeerDescriptor.class })
	void pageWhenReadNamesEachField(Class<?> type) {
		for (RecordComponent field : type.getRecordComponents()) {
			assertThat(PAGE).content().contains("`" + field.getName() + "`");
		}
	}

	@ParameterizedTest
	@EnumSource
	void pageWhenReadNamesEachReason(RejectionReason reason) {
		assertThat(PAGE).content().contains("| `" + reason.label() + "` |");
	}

	@Test
	void pageWhenReadNamesEachEvent() {
		for (Class<?> event : FdEvent.class.getPermittedSubclasses()) {
			assertThat(PAGE).content().contains(event.getSimpleName());
		}
	}

	@Test
	void messagesWhenListedAreThoseOfTheCode() throws IOException {
		String source = source();
		List<String> messages = Files.readString(PAGE).split("## Messages")[1].lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.split("`")[1])
			.toList();
		assertThat(messages).hasSizeGreaterThan(20).allSatisfy((message) -> assertThat(source).contains(message));
	}

	private static String source() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			return files.filter(Files::isRegularFile).map(OperationsPageTests::read).collect(Collectors.joining());
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
