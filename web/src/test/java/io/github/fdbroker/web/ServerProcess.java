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

package io.github.fdbroker.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import io.github.fdbroker.web.load.Load;

/**
 * A process with a web server, and what it prints.
 */
final class ServerProcess implements AutoCloseable {

	static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final int EXIT_CODE_OF_SIGKILL = 137;

	private final Process process;

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final List<Consumer<String>> observers = new CopyOnWriteArrayList<>();

	private final Thread reader;

	private ServerProcess(Process process) {
		this.process = process;
		this.reader = new Thread(this::read, "output");
		this.reader.start();
	}

	/**
	 * Start a process, and wait until its web server has started.
	 */
	static ServerProcess startAndAwait(List<String> command) throws IOException {
		ServerProcess server = start(command);
		server.await("Started PidApplication");
		return server;
	}

	static ServerProcess start(List<String> command) throws IOException {
		return new ServerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Have each further line seen as soon as it is printed.
	 */
	void observe(Consumer<String> observer) {
		this.observers.add(observer);
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String output() {
		return "Process %d:%n%s%n".formatted(pid(), String.join("\n", this.lines));
	}

	/**
	 * Wait for a line that contains a text.
	 */
	void await(String text) {
		await(() -> printed(text));
	}

	/**
	 * Wait for a condition that only a process can fulfil that runs.
	 */
	void await(BooleanSupplier condition) {
		try {
			Awaitility.await()
				.atMost(TIMEOUT)
				.pollInterval(Duration.ofMillis(5))
				.until(() -> condition.getAsBoolean() || !this.reader.isAlive());
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("Not within %d s. %s".formatted(TIMEOUT.toSeconds(), output()), ex);
		}
		if (!condition.getAsBoolean()) {
			throw new AssertionError("It ended too early. " + output());
		}
	}

	/**
	 * Wait until this process has answered a request.
	 */
	void awaitAnswer(Load load) {
		await(() -> load.processes().contains(pid()));
	}

	boolean printed(String text) {
		return this.lines.stream().anyMatch((line) -> line.contains(text));
	}

	void terminate() {
		this.process.toHandle().destroy();
	}

	/**
	 * End the process at once. What it has printed can still be read, which is not so
	 * with the method of {@link Process}.
	 */
	void kill() {
		this.process.toHandle().destroyForcibly();
	}

	/**
	 * Whether the process, which has ended, was killed.
	 */
	boolean wasKilled() {
		return this.process.exitValue() == EXIT_CODE_OF_SIGKILL;
	}

	/**
	 * Wait for the end of the process.
	 * @return its exit code
	 */
	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("It did not end. " + output());
		}
		this.reader.join();
		return this.process.exitValue();
	}

	/**
	 * Wait for the end of the process, which may go on.
	 * @return whether it has ended
	 */
	boolean awaitExit(Duration timeout) throws InterruptedException {
		return this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() throws InterruptedException {
		kill();
		awaitExit();
	}

	private void read() {
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				String printed = line;
				this.observers.forEach((observer) -> observer.accept(printed));
				this.lines.add(line);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
