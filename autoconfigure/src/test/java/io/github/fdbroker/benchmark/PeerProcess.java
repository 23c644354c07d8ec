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

package io.github.fdbroker.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process that takes part in the benchmark, and prints its figures line by line.
 *
 * @param process the process
 * @param output what it prints
 */
record PeerProcess(Process process, BufferedReader output) implements AutoCloseable {

	static PeerProcess start(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		return new PeerProcess(process, process.inputReader());
	}

	double readSeconds() throws IOException {
		return readNumbers()[0];
	}

	double[] readNumbers() throws IOException {
		String line = readLine();
		return Stream.of(line.trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
	}

	String readLine() throws IOException {
		String line = this.output.readLine();
		if (line == null) {
			throw new IOException(this.process.info().commandLine() + " ended without its figures");
		}
		return line;
	}

	/**
	 * Return a number of {@code /proc/PID/status}, such as {@code Threads} or, in
	 * kilobytes, {@code VmRSS}.
	 */
	long status(String name) throws IOException {
		for (String line : Files.readAllLines(directory().resolve("status"))) {
			if (line.startsWith(name + ":")) {
				return Long.parseLong(line.replaceAll("\\D", ""));
			}
		}
		throw new IOException("There is no " + name);
	}

	long openFiles() throws IOException {
		try (Stream<Path> files = Files.list(directory().resolve("fd"))) {
			return files.count();
		}
	}

	private Path directory() {
		return Path.of("/proc", String.valueOf(this.process.pid()));
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
