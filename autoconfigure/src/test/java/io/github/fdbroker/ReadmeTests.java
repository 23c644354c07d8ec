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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.OutsideApplication;
import io.github.fdbroker.testsupport.PageBlocks;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first example of the README runs word for word, with the dependencies it names, and
 * without a directory of the session.
 */
class ReadmeTests {

	private static final String APPLICATION = """
			package demo;

			import java.io.*;
			import java.nio.file.*;
			import org.springframework.boot.*;
			import org.springframework.boot.autoconfigure.*;
			import org.springframework.messaging.handler.annotation.*;
			import org.springframework.stereotype.*;
			import io.github.fdbroker.*;
			import io.github.fdbroker.annotation.*;

			%s

			%s

			@SpringBootApplication
			public class Application {

				public static void main(String[] arguments) {
					SpringApplication.run(Application.class, arguments);
				}

			}
			""";

	@TempDir
	Path directory;

	@Test
	void exampleWhenCopiedSendsAndReceives() throws IOException {
		PageBlocks readme = PageBlocks.read(Path.of("../README.md"));
		write("pom.xml", readme.in("xml").get(0));
		write("src/main/resources/application.yml", readme.in("yaml").get(0));
		write("src/main/java/demo/Application.java",
				APPLICATION.formatted(readme.in("java").get(0), readme.in("java").get(1)));
		OutsideApplication application = new OutsideApplication(this.directory);
		try (PeerProcess process = application.start(List.of(), "demo.Application")) {
			long size = Files.size(this.directory.resolve("pom.xml"));
			assertThat(process.awaitLine("bytes from uid")).endsWith("42: " + size + " bytes from uid " + uid());
		}
	}

	private void write(String file, String content) throws IOException {
		Path path = this.directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

	private static Object uid() throws IOException {
		return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
	}

}
