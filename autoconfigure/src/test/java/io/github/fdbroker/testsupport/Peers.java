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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/**
 * Starts processes in other languages as peers.
 */
public final class Peers {

	private static final Path DIRECTORY = Path.of("src/test/peers").toAbsolutePath();

	private static final Map<String, Path> PROGRAMS = new ConcurrentHashMap<>();

	private static final int TIMEOUT_SECONDS = 120;

	private Peers() {
	}

	/**
	 * Skip the test on a machine without a program, or fail it where all have to be
	 * there.
	 */
	public static void require(String program) {
		boolean present = run(List.of("sh", "-c", "command -v " + program)).exitCode() == 0;
		if (!present && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(program + " is missing");
		}
		Assumptions.assumeTrue(present, program + " is missing");
	}

	/**
	 * Return the command to run one of this project's Python peers.
	 */
	public static List<String> python(String script, Object... arguments) {
		require("python3");
		return command(List.of("python3", DIRECTORY.resolve(script).toString()), arguments);
	}

	/**
	 * Return the command to run one of this project's C peers, which is compiled when it
	 * is first asked for, in a directory of this process, since two may run tests. Ask
	 * within a test, whose ledger then sees what compiling opens and closes.
	 */
	public static List<String> compiled(String source, Object... arguments) {
		require("gcc");
		return command(List.of(PROGRAMS.computeIfAbsent(source, Peers::compile).toString()), arguments);
	}

	private static Path compile(String source) {
		Path program = Path
			.of("target", "peers", String.valueOf(ProcessHandle.current().pid()), source.replace(".c", ""))
			.toAbsolutePath();
		program.getParent().toFile().mkdirs();
		Result result = run(List.of("gcc", "-Wall", "-Wextra", "-Werror", "-O2", "-o", program.toString(),
				DIRECTORY.resolve(source).toString()));
		if (result.exitCode() != 0) {
			throw new AssertionError(source + " does not compile: " + result.output());
		}
		return program;
	}

	private static List<String> command(List<String> program, Object... arguments) {
		List<String> command = new ArrayList<>(program);
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return command;
	}

	/**
	 * Run one of this project's C peers to its end.
	 */
	public static Result runCompiled(String source, Object... arguments) {
		return run(compiled(source, arguments));
	}

	/**
	 * Run one of this project's Python peers to its end.
	 */
	public static Result runPython(String script, Object... arguments) {
		return run(python(script, arguments));
	}

	/**
	 * Run a command as another user, to its end.
	 */
	public static Result runAs(int uid, List<String> command) {
		require("setpriv");
		List<String> whole = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"));
		whole.addAll(command);
		return run(whole);
	}

	/**
	 * Run a command to its end.
	 */
	public static Result run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = read(process);
			if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				throw new AssertionError(command + " did not end; it printed: " + output);
			}
			return new Result(process.exitValue(), output);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Left open, the streams are closed some time after the process has ended, also the
	 * one for errors, which has a pipe where errors go to the other one.
	 */
	private static String read(Process process) throws IOException {
		try (InputStream stream = process.getInputStream(); InputStream errors = process.getErrorStream()) {
			return new String(stream.readAllBytes());
		}
	}

	/**
	 * What became of a process.
	 *
	 * @param exitCode its exit code
	 * @param output what it printed
	 */
	public record Result(int exitCode, String output) {

	}

}
