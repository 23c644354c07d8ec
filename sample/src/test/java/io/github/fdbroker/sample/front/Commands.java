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

package io.github.fdbroker.sample.front;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Runs programs that are clients of the sample.
 */
public final class Commands {

	private Commands() {
	}

	/**
	 * Skip the test on a machine without a program, or fail it where all have to be
	 * there.
	 */
	public static void require(String program) throws Exception {
		boolean present = run("command -v " + program).exitCode() == 0;
		if (!present && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(program + " is missing");
		}
		Assumptions.assumeTrue(present, program + " is missing");
	}

	/**
	 * Run a line as a shell does.
	 */
	public static Result run(String line) throws IOException, InterruptedException {
		return run(List.of("sh", "-c", line), new File("/dev/null"));
	}

	/**
	 * Run a command that reads a file.
	 */
	public static Result run(List<String> command, File input) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Result(process.waitFor(), output);
	}

	/**
	 * What became of a command.
	 *
	 * @param exitCode its exit code
	 * @param output what it printed
	 */
	public record Result(int exitCode, String output) {

	}

}
