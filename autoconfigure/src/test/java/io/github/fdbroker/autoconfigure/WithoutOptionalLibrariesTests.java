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

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.ContainerServices;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application works without the libraries of metrics, traces, the actuator, health and
 * security, and without advice for its listeners.
 */
class WithoutOptionalLibrariesTests {

	private static final List<String> OPTIONAL = List.of("micrometer", "opentelemetry", "spring-boot-actuator",
			"spring-boot-health", "spring-security");

	@TempDir
	Path directory;

	@Test
	void applicationWhenLibrariesAreMissingServesPeers() {
		try (PeerProcess server = PeerProcess.start(command())) {
			server.awaitLine("ready without advice");
			assertThat(
					Peers.runPython("fdframe.py", "request", this.directory.resolve("handoff"), "--payload", "greeting")
						.output())
				.contains("reply greeting");
		}
	}

	private List<String> command() {
		List<String> command = new ArrayList<>(ChildJvm.command(Application.class, this.directory));
		int classPath = command.indexOf("-cp") + 1;
		command.set(classPath,
				Arrays.stream(command.get(classPath).split(File.pathSeparator))
					.filter((entry) -> OPTIONAL.stream().noneMatch(new File(entry).getName()::startsWith))
					.collect(Collectors.joining(File.pathSeparator)));
		return command;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		public static void main(String[] arguments) throws Exception {
			assertThat(ClassUtils.isPresent("io.micrometer.observation.Observation", null)).isFalse();
			try (var context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
				.properties("fdbroker.sockets.handoff.path=" + arguments[0] + "/handoff")
				.run()) {
				assertThat(context.getBean(ContainerServices.class).advice()).isNull();
				System.out.println("ready without advice");
				System.in.read();
			}
		}

		@Bean
		Listener listener() {
			return new Listener();
		}

	}

	static class Listener {

		@FdListener("handoff")
		String receive(String payload) {
			return payload;
		}

	}

}
