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

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

import io.github.fdbroker.annotation.FdListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners are found whether or not beans are lazy, and sockets without one are named.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnservedSocketsListenerTests {

	@TempDir
	Path directory;

	@Test
	void applicationWhenSocketsHaveNoListenerWarnsOnce(CapturedOutput output) {
		start(Application.class, "--fdbroker.sockets.second.path=second").close();
		assertThat(output).containsOnlyOnce("No listener serves the configured sockets [first, second]")
			.contains("@FdListener(\"first\")");
	}

	@Test
	void applicationWhenBeansAreLazyServesAllTheSame(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start(Served.class, "--spring.main.lazy-initialization=true")) {
			assertThat(Files.exists(this.directory.resolve("first"))).isTrue();
			assertThat(context.isRunning()).isTrue();
		}
		assertThat(output).doesNotContain("No listener serves");
	}

	@Test
	void applicationWhenListenerIsLazyWarns(CapturedOutput output) {
		start(LazilyServed.class).close();
		assertThat(output).contains("No listener serves the configured sockets [first]");
	}

	private ConfigurableApplicationContext start(Class<?> application, String... arguments) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("fdbroker.directory=" + this.directory, "fdbroker.sockets.first.path=first")
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Application.class, Listener.class })
	static class Served {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Application.class, LazyListener.class })
	static class LazilyServed {

	}

	static class Listener {

		@FdListener("first")
		void handle(String text) {
		}

	}

	@Lazy
	static class LazyListener {

		@FdListener("first")
		void handle(String text) {
		}

	}

}
