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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

import io.github.fdbroker.socket.Descriptors;

/**
 * A process in another language that runs beside a test until it is killed.
 */
public final class PeerProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private PeerProcess(Process process) {
		this.process = process;
		this.output = process.inputReader();
	}

	/**
	 * Start a process, and wait until it says that it is ready.
	 */
	public static PeerProcess start(List<String> command) {
		try {
			PeerProcess peer = new PeerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
			String line = peer.line();
			if (!"ready".equals(line)) {
				peer.close();
				throw new AssertionError(command + " is not ready: " + line);
			}
			return peer;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start a Python script of this project.
	 */
	public static PeerProcess python(String script, Object... arguments) {
		return start(Peers.python(script, arguments));
	}

	/**
	 * Start a Python script of this project as another user, who need not be able to read
	 * the file or to reach the interpreter of this one.
	 */
	public static PeerProcess pythonAs(int uid, String script, Object... arguments) {
		Assumptions.assumeTrue(Descriptors.self().uid() == 0, "only the superuser can be another one");
		Peers.require("setpriv");
		Peers.require("/usr/bin/python3");
		List<String> own = Peers.python(script, arguments);
		List<String> command = new ArrayList<>(
				List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "/usr/bin/python3", "-c"));
		command.add(read(own.get(1)));
		command.addAll(own.subList(2, own.size()));
		return start(command);
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
	 * Return the next line that the process prints.
	 */
	public String line() {
		try {
			return String.valueOf(this.output.readLine());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Kill the process with SIGKILL.
	 */
	public void kill() {
		try {
			this.process.destroyForcibly().waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		kill();
		try (this.output; var errors = this.process.getErrorStream(); var input = this.process.getOutputStream()) {
			input.flush();
		}
		catch (IOException ex) {
			// It is dead.
		}
	}

}
