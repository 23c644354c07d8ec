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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.OutsideApplication;
import io.github.fdbroker.testsupport.PageBlocks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the pages on the API and on Java types compile with the dependency of
 * the starter alone.
 */
class ApiPageTests {

	private static final String IMPORTS = """
			package demo;

			import java.io.*;
			import java.util.*;
			import org.springframework.messaging.handler.annotation.*;
			import org.springframework.stereotype.*;
			import io.github.fdbroker.*;
			import io.github.fdbroker.annotation.*;
			import io.github.fdbroker.convert.*;
			import io.github.fdbroker.listener.*;

			record Order(String item, int number) {
			}

			record Camera(RandomAccessFile file) {
			}

			""";

	private static final String STATEMENTS = """
			class Statements%d {

				void run(FdBroker broker, FdListenerRegistry registry, DescriptorFactory factory, byte[] json)
						throws IOException {
			%s
				}

				void read(InputStream stream) {
				}

			}
			""";

	@TempDir
	Path directory;

	@Test
	void examplesWhenCompiledWithStarterCompile() throws IOException {
		Files.writeString(this.directory.resolve("pom.xml"), "<artifactId>fdbroker-spring-boot-starter</artifactId>");
		StringBuilder source = new StringBuilder(IMPORTS);
		int count = 0;
		for (String page : new String[] { "api.md", "types.md" }) {
			for (String block : PageBlocks.read(Path.of("src/docs", page)).in("java")) {
				source.append(block.startsWith("@Component") ? block : STATEMENTS.formatted(count, block));
				count++;
			}
		}
		Path file = this.directory.resolve("src/main/java/demo/Examples.java");
		Files.createDirectories(file.getParent());
		Files.writeString(file, source.toString());
		new OutsideApplication(this.directory);
		assertThat(count).isEqualTo(4);
	}

}
