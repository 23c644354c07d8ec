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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.fdbroker.web.TakeoverSite.Outcome;

/**
 * Writes a line for each trial as soon as it is over, so that an interrupted run has a
 * count as well.
 */
final class TrialLog {

	private final Path file;

	private int passed;

	private int failed;

	private long requests;

	TrialLog(Path file) throws IOException {
		this.file = file;
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.writeString(file, line("time", "kind", "when or how", "server", "seconds", "requests",
				"failed with the killed process", "result", "trials passed", "failed", "requests in total"));
	}

	void passed(Trial trial, Duration took, Outcome outcome) throws IOException {
		this.passed++;
		this.requests += outcome.requests();
		write(trial, took, outcome.requests(), outcome.failed(), "passed");
	}

	void failed(Trial trial, Duration took, Throwable failure) throws IOException {
		this.failed++;
		write(trial, took, "", "", "FAILED: " + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
	}

	private void write(Trial trial, Duration took, Object requests, Object failedRequests, String result)
			throws IOException {
		Files.writeString(this.file,
				line(Instant.now().truncatedTo(ChronoUnit.SECONDS), trial, "%.1f".formatted(took.toMillis() / 1000.0),
						requests, failedRequests, result, this.passed, this.failed, this.requests),
				StandardOpenOption.APPEND);
	}

	private static String line(Object... values) {
		StringBuilder line = new StringBuilder();
		for (Object value : values) {
			line.append(line.isEmpty() ? "" : "\t").append(value);
		}
		return line.append('\n').toString();
	}

}
