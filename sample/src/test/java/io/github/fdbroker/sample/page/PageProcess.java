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

package io.github.fdbroker.sample.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The process that serves the page, and those that take over from it.
 */
public final class PageProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Process (\\d+) serves a page.*\\s+(http://\\S+)");

	private final Process first;

	private final Path output;

	private PageProcess(Process first, Path output) {
		this.first = first;
		this.output = output;
	}

	/**
	 * Start the first process. None outlives this one. The control socket is
	 * {@code run/takeover}.
	 */
	public static PageProcess start(Path directory, String... arguments) throws IOException {
		Path output = directory.resolve("output");
		ProcessBuilder command = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"--add-opens=java.base/java.net=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				PageApplication.class.getName(), "--sample.page-port=0",
				"--fdbroker.directory=" + directory.resolve("run"));
		command.command().addAll(List.of(arguments));
		command.environment().put("SAMPLE_FRONT", String.valueOf(ProcessHandle.current().pid()));
		return new PageProcess(command.redirectErrorStream(true).redirectOutput(output.toFile()).start(), output);
	}

	/**
	 * Wait until the page is served, and return its address.
	 */
	public String address() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> !this.first.isAlive() || STARTED.matcher(output()).find());
		Matcher started = STARTED.matcher(output());
		if (!started.find()) {
			throw new AssertionError(output());
		}
		return started.group(2);
	}

	/**
	 * Wait for the end of the first process, and return its exit code.
	 */
	public int awaitEndOfFirst() throws InterruptedException {
		if (!this.first.waitFor(2, TimeUnit.MINUTES)) {
			throw new AssertionError("It goes on:\n" + output());
		}
		return this.first.exitValue();
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End the processes, which leave nothing.
	 */
	@Override
	public void close() throws Exception {
		this.first.destroy();
		this.first.waitFor();
		for (String pid : STARTED.matcher(output()).results().map((started) -> started.group(1)).toList()) {
			ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElse(null);
			if (process != null) {
				process.destroy();
				process.onExit().get(1, TimeUnit.MINUTES);
			}
		}
	}

}
