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

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Assumptions;

import io.github.fdbroker.system.Descriptors;

/**
 * A process that is talked to line by line, until it is killed.
 */
public final class PeerProcess implements Closeable {

	private static final int TIMEOUT_SECONDS = 60;

	private final Process process;

	private final BufferedReader output;

	private final BufferedWriter input;

	private PeerProcess(Process process) {
		this.process = process;
		this.output = process.inputReader();
		this.input = process.outputWriter();
	}

	/**
	 * Start a process.
	 */
	public static PeerProcess start(List<String> command) {
		try {
			return new PeerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start a process, and wait until it says that it is ready.
	 */
	public static PeerProcess startReady(List<String> command) {
		PeerProcess process = start(command);
		String line = process.readLine();
		if (!"ready".equals(line)) {
			String rest = (line != null && line.startsWith("Traceback")) ? process.readAll() : "";
			process.close();
			throw new IllegalStateException(command + " said: " + line + rest);
		}
		return process;
	}

	/**
	 * Start a Python script of this project, and wait until it says that it is ready.
	 */
	public static PeerProcess python(String script, Object... arguments) {
		return startReady(Peers.python(script, arguments));
	}

	/**
	 * Start a Python script of this project as another user, who need not be able to read
	 * the file or to reach the interpreter of this one, and wait until it says that it is
	 * ready.
	 */
	public static PeerProcess pythonAs(int uid, String script, Object... arguments) {
		return startReady(pythonCommandAs(uid, script, arguments));
	}

	/**
	 * Return the command to run a Python script of this project as another user.
	 */
	public static List<String> pythonCommandAs(int uid, String script, Object... arguments) {
		Assumptions.assumeTrue(Descriptors.self().uid() == 0, "only the superuser can be another one");
		Peers.require("setpriv");
		Peers.require("/usr/bin/python3");
		List<String> own = Peers.python(script, arguments);
		List<String> command = new ArrayList<>(
				List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "/usr/bin/python3", "-c"));
		command.add(read(own.get(1)));
		command.addAll(own.subList(2, own.size()));
		return command;
	}

	private static String read(String script) {
		try {
			return Files.readString(Path.of(script));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the process id.
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return the next line that it prints, or {@code null} once it has ended.
	 */
	public String readLine() {
		try {
			return this.output.readLine();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read until there is a line with a text.
	 */
	public String awaitLine(String text) {
		StringBuilder before = new StringBuilder();
		String line = readLine();
		while (line != null && !line.contains(text)) {
			before.append(line).append('\n');
			line = readLine();
		}
		if (line == null) {
			throw new AssertionError("The process ended without '" + text + "', but printed:\n" + before);
		}
		return line;
	}

	/**
	 * Read all that it prints until it ends.
	 */
	public String readAll() {
		return this.output.lines().collect(Collectors.joining("\n"));
	}

	/**
	 * Ask it to end, and return its exit code.
	 */
	public int terminate() {
		this.process.toHandle().destroy();
		return awaitExit();
	}

	/**
	 * Wait for its end, and return its exit code.
	 */
	public int awaitExit() {
		await();
		return this.process.exitValue();
	}

	/**
	 * Give it a line to read.
	 */
	public void writeLine(String line) {
		try {
			this.input.write(line + "\n");
			this.input.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Kill it, and wait until it is dead.
	 */
	public void kill() {
		this.process.destroyForcibly();
		await();
	}

	@Override
	public void close() {
		try (this.output; InputStream errors = this.process.getErrorStream()) {
			closeInput();
			kill();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void closeInput() {
		try {
			this.input.close();
		}
		catch (IOException ex) {
			// It has ended.
		}
	}

	private void await() {
		try {
			if (!this.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
				throw new IllegalStateException(this.process + " does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
