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

package io.github.fdbroker.hold;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever peers do, the log grows at a bearable rate, and holds nothing that a peer
 * wrote as it is.
 */
class LogHoldTests {

	private static final long MAX_LINES = 10;

	private static final int SECONDS = 2;

	@TempDir
	static Path directory;

	private static HeldServer server;

	@BeforeAll
	static void start() {
		server = HeldServer.start(directory);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void garbageOnStreamIsLoggedAtBearableRate() {
		assertFewLines(() -> server.run("garbage", "stream", SECONDS));
	}

	@Test
	void garbageOnSeqpacketIsLoggedAtBearableRate() {
		assertFewLines(() -> server.run("garbage", "seqpacket", SECONDS, "seqpacket"));
	}

	@Test
	void strangersAreLoggedAtBearableRate() {
		assertFewLines(() -> server.runAsOther("knock", "strangers", 5000));
	}

	@Test
	void failuresOfMethodAreLoggedAtBearableRateWithOneStackTrace() {
		int from = server.lines().size();
		assertThat(server.run("unfit", "stream", SECONDS)).startsWith("tried ");
		server.assertServes("stream");
		List<String> lines = server.lines().subList(from, server.lines().size());
		long traces = lines.stream().filter((line) -> line.startsWith("java.lang.IllegalStateException")).count();
		long others = lines.stream().filter((line) -> !line.startsWith("\t") && !line.startsWith("java.")).count();
		assertThat(traces).isLessThanOrEqualTo(1);
		assertThat(others).isLessThanOrEqualTo((SECONDS + 2) * MAX_LINES);
	}

	private static void assertFewLines(Runnable attack) {
		int from = server.lines().size();
		attack.run();
		server.assertServes("stream");
		assertThat(server.linesPerSecond(from).values()).allMatch((count) -> count <= MAX_LINES);
		assertThat(
				server.lines().stream().filter((line) -> line.contains("\033") || line.startsWith("2026-01-01 ERROR")))
			.isEmpty();
	}

}
