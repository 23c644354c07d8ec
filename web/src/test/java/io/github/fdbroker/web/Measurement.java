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

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.awaitility.Awaitility;

import io.github.fdbroker.web.load.Failure;
import io.github.fdbroker.web.load.Latency;
import io.github.fdbroker.web.load.Load;
import io.github.fdbroker.web.load.LoadMode;

/**
 * What clients noticed of a number of processes, of which each went on with the work of
 * the one before.
 *
 * @param server the web server
 * @param mode how the clients used their connections
 * @param handover how the work was handed over
 * @param processes how many processes answered
 * @param requests how many requests there were
 * @param failures those that failed
 * @param around the latency in the seconds around each handover
 * @param steady the latency at all other times
 */
record Measurement(WebServerKind server, LoadMode mode, Handover handover, int processes, long requests,
		List<Failure> failures, Latency around, Latency steady) {

	static final String HEAD = """
			| server | connections | way | handovers | requests | failed | p50, p99, max around (ms) | p50, p99, max else (ms) |
			|---|---|---|---|---|---|---|---|
			""";

	private static final int CONNECTIONS = 8;

	/** Requests after the last handover. */
	private static final long FURTHER = 5000;

	/**
	 * Hand over a number of times, and go on until there were enough requests.
	 */
	static Measurement run(WebServerKind server, LoadMode mode, Handover handover, int handovers, long requests,
			Path directory) throws IOException, InterruptedException {
		int port = freePort();
		List<String> command = handover.command(server, port, directory);
		ServerProcess process = ServerProcess.startAndAwait(command);
		try (Load load = Load.start(port, mode, CONNECTIONS)) {
			process.awaitAnswer(load);
			for (int i = 0; i < handovers; i++) {
				process = handover.next(process, command, load);
			}
			long enough = Math.max(requests, load.requests() + FURTHER);
			Awaitility.await().atMost(ServerProcess.TIMEOUT).until(() -> load.requests() >= enough);
			load.stop();
			return new Measurement(server, mode, handover, load.processes().size(), load.requests(), load.failures(),
					load.around(), load.steady());
		}
		finally {
			process.close();
		}
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	String row() {
		return "| %s | %s | %s | %d | %,d | %,d | %s | %s |%n".formatted(name(this.server), name(this.mode),
				this.handover, this.processes - 1, this.requests, this.failures.size(), millis(this.around),
				millis(this.steady));
	}

	private static String name(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	private static String millis(Latency latency) {
		return "%.1f, %.1f, %.1f".formatted(latency.p50() / 1000.0, latency.p99() / 1000.0, latency.max() / 1000.0);
	}

}
