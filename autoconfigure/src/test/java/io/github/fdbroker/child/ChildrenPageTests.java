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

package io.github.fdbroker.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the reference page on children work as they stand there.
 */
class ChildrenPageTests {

	@TempDir
	Path directory;

	@Test
	void pythonChildWhenRunReplies() throws IOException {
		Peers.require("python3");
		Path program = Files.writeString(this.directory.resolve("counter.py"), block("python"));
		ProcessBuilder command = new ProcessBuilder("python3", program.toString());
		command.environment().put("PYTHONPATH", Path.of("src/test/peers").toAbsolutePath().toString());
		command.environment().put("PYTHONDONTWRITEBYTECODE", "1");
		run(command, "frame");
	}

	@Test
	void cChildWhenRunReplies() throws IOException {
		Peers.require("gcc");
		Path source = Files.writeString(this.directory.resolve("counter.c"), block("c"));
		Path program = this.directory.resolve("counter");
		assertThat(Peers.run(List.of("gcc", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source.toString()))
			.output()).isEmpty();
		run(new ProcessBuilder(program.toString()), "raw");
	}

	@Test
	void javaWhenReadIsWhatTheseTestsRun() throws IOException {
		String source = Files.readString(Path.of("src/test/java/io/github/fdbroker/child/ChildrenPageTests.java"));
		assertThat(block("java").lines().map(String::strip).toList()).isNotEmpty()
			.allSatisfy((line) -> assertThat(source).contains(line));
	}

	private void run(ProcessBuilder command, String format) throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "one\ntwo\nthree\n");
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.children.counter.format=" + format)
			.run((context) -> {
				FdChildren children = context.getBean(FdChildren.class);
				try (FdChild child = children.start("counter", command)) {
					String lines = child.message().descriptor(file).requestPayload(String.class);
					assertThat(lines).isEqualTo("3");
				}
			});
	}

	/**
	 * Return the first block in a language.
	 */
	private static String block(String language) throws IOException {
		Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("src/docs/children.md")));
		assertThat(block.find()).isTrue();
		return block.group(1);
	}

}
