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

package io.github.fdbroker.web.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process that sends requests all the time.
 */
public final class Load implements AutoCloseable {

	private static final long STOP_SECONDS = 60;

	private final Process process;

	private final Thread reader;

	private final Set<Long> processes = ConcurrentHashMap.newKeySet();

	private final List<Failure> failures = new CopyOnWriteArrayList<>();

	private volatile long requests;

	private volatile Latency steady;

	private volatile Latency around;

	private volatile boolean complete;

	private Load(Process process) {
		this.process = process;
		this.reader = new Thread(this::read, "load");
		this.reader.start();
	}

	/**
	 * Send requests on a number of connections at a time.
	 */
	public static Load start(int port, LoadMode mode, int connections) throws IOException {
		return start(port, EnumSet.of(mode), connections, Duration.ZERO);
	}

	/**
	 * Send requests on a number of connections at a time, with a pause after each. The
	 * connections have the modes in turn.
	 */
	public static Load start(int port, EnumSet<LoadMode> modes, int connections, Duration pause) throws IOException {
		String names = modes.stream().map(LoadMode::name).collect(Collectors.joining(","));
		return new Load(new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx128m",
				"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), LoadClient.class.getName(),
				String.valueOf(port), names, String.valueOf(connections), String.valueOf(pause.toNanos()))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start());
	}

	/**
	 * The requests up to now, with those that failed.
	 */
	public long requests() {
		return this.requests;
	}

	public List<Failure> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * The processes that answered a request.
	 */
	public Set<Long> processes() {
		return Set.copyOf(this.processes);
	}

	/**
	 * Have the second around this moment counted as one in which something happened. The
	 * first answer of each further process is such a moment as well.
	 */
	public void mark() throws IOException {
		this.process.getOutputStream().write('\n');
		this.process.getOutputStream().flush();
	}

	/**
	 * Send no more requests, and wait for the responses.
	 */
	public void stop() throws IOException, InterruptedException {
		this.process.getOutputStream().close();
		this.reader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
		if (!this.complete) {
			throw new IOException("The client did not end in order within %d s".formatted(STOP_SECONDS));
		}
	}

	/**
	 * The latency in the seconds around the moments in which something happened.
	 */
	public Latency around() {
		return this.around;
	}

	/**
	 * The latency at all other times.
	 */
	public Latency steady() {
		return this.steady;
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.process.toHandle().destroyForcibly();
		this.process.waitFor();
		this.reader.join();
	}

	private void read() {
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			output.lines().forEach(this::read);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(String line) {
		int space = line.indexOf(' ');
		String rest = line.substring(space + 1);
		switch ((space >= 0) ? line.substring(0, space) : line) {
			case "requests" -> this.requests = Long.parseLong(rest);
			case "process" -> this.processes.add(Long.parseLong(rest));
			case "failed" -> this.failures.add(Failure.parse(rest));
			case "steady" -> this.steady = Latency.parse(rest);
			case "around" -> this.around = Latency.parse(rest);
			case "end" -> this.complete = true;
			default -> throw new IllegalStateException(line);
		}
	}

}
