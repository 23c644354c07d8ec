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

package io.github.fdbroker;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Python process, written from the reference page alone, passes descriptors to
 * annotated methods.
 */
class FdListenerPythonTests {

	@TempDir
	Path directory;

	@Test
	void listenerWhenPythonSendsFileReceivesContent() {
		runner().run((context) -> {
			Path file = Files.writeString(this.directory.resolve("order.txt"), "forty-two");
			Peers.Result result = Peers.runPython("fdframe.py", "request", this.directory.resolve("handoff"),
					"--payload", "read this", "doc=" + file);
			assertThat(result.output()).startsWith("reply read this: forty-two");
			assertThat(result.exitCode()).isZero();
		});
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
			.withUserConfiguration(Listeners.class)
			.withPropertyValues("fdbroker.sockets.handoff.path=" + this.directory.resolve("handoff"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		Listener listener() {
			return new Listener();
		}

	}

	static class Listener {

		@FdListener("handoff")
		String handle(String payload, FileInputStream stream) throws IOException {
			return payload + ": " + new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}

	}

}
