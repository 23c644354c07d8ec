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

package io.github.fdbroker.socket;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The transports of an application without JNA.
 */
class WithoutJnaTests {

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void selectWhenNativeBeforeJava22SaysWhatItTakes() {
		assertThat(select(TransportMode.NATIVE))
			.startsWith("refused: The native transport is not available: it takes "
					+ "Java 22 or the library net.java.dev.jna:jna")
			.contains("Set fdbroker.transport=auto");
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void selectWhenAutoBeforeJava22TakesJunixsocket() {
		assertThat(select(TransportMode.AUTO)).isEqualTo("junixsocket");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_22)
	void selectWhenForeignFunctionsAreThereTakesThem() {
		assertThat(select(TransportMode.NATIVE)).isEqualTo("java.lang.foreign");
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void startWhenTransportIsNativeBeforeJava22ReportsWhatItTakes() {
		try (PeerProcess application = PeerProcess
			.start(withoutJna(Starting.class, "--spring.main.banner-mode=off", "--fdbroker.transport=native"))) {
			assertThat(application.readAll()).contains("APPLICATION FAILED TO START", "Description:",
					"The native transport is not available: it takes Java 22 or the library net.java.dev.jna:jna",
					"Action:", "Set fdbroker.transport=auto");
			assertThat(application.awaitExit()).isOne();
		}
	}

	private static String select(TransportMode mode) {
		try (PeerProcess process = PeerProcess.start(withoutJna(Selecting.class, mode))) {
			String line = process.readLine();
			while (line != null && !line.startsWith("selected ")) {
				line = process.readLine();
			}
			return String.valueOf(line).replace("selected ", "");
		}
	}

	private static List<String> withoutJna(Class<?> main, Object... arguments) {
		List<String> command = ChildJvm.command(main, arguments);
		int classPath = command.indexOf("-cp") + 1;
		command.set(classPath,
				Stream.of(command.get(classPath).split(File.pathSeparator))
					.filter((entry) -> !entry.contains("jna"))
					.collect(Collectors.joining(File.pathSeparator)));
		return command;
	}

	static final class Selecting {

		public static void main(String[] arguments) {
			try {
				Transport transport = TransportMode.valueOf(arguments[0]).select();
				System.out.println(
						"selected " + (transport.name().equals("native") ? transport.binding() : transport.name()));
			}
			catch (FdConfigurationException ex) {
				System.out.println("selected refused: " + ex.getMessage() + ". " + ex.getAction());
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class Starting {

		public static void main(String[] arguments) {
			SpringApplication.run(Starting.class, arguments);
		}

	}

}
