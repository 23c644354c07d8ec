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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.fdbroker.web.load.LoadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures what clients notice when a process goes on with the work of another one, and
 * writes the figures to {@code target/takeover.md}.
 */
@Tag("takeover")
class TakeoverMeasurementTests {

	private static final int HANDOVERS = Integer.getInteger("takeover.handovers", 24);

	private static final long REQUESTS = Long.getLong("takeover.requests", 200_000);

	private static final List<Measurement> measurements = new ArrayList<>();

	@TempDir
	Path directory;

	@AfterAll
	static void write() throws Exception {
		StringBuilder table = new StringBuilder(Measurement.HEAD);
		measurements.forEach((measurement) -> table.append(measurement.row()));
		System.out.println("\n" + table);
		Files.writeString(Path.of("target/takeover.md"), table);
	}

	@ParameterizedTest
	@EnumSource
	void stopAndStartFailsRequests(LoadMode mode) throws Exception {
		assertThat(measure(WebServerKind.TOMCAT, mode, Handover.STOP_AND_START).failures()).isNotEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void reusedPort(LoadMode mode) throws Exception {
		measure(WebServerKind.TOMCAT, mode, Handover.REUSE_PORT);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT,CLOSE", "TOMCAT,KEEPALIVE", "JETTY,CLOSE", "JETTY,KEEPALIVE", "NETTY,CLOSE",
			"NETTY,KEEPALIVE" })
	void takeOverFailsNoRequest(WebServerKind server, LoadMode mode) throws Exception {
		assertThat(measure(server, mode, Handover.TAKE_OVER).failures()).isEmpty();
	}

	private Measurement measure(WebServerKind server, LoadMode mode, Handover handover) throws Exception {
		Measurement measurement = Measurement.run(server, mode, handover, HANDOVERS, REQUESTS, this.directory);
		measurements.add(measurement);
		assertThat(measurement.processes()).isEqualTo(HANDOVERS + 1);
		assertThat(measurement.requests()).isGreaterThanOrEqualTo(REQUESTS);
		return measurement;
	}

}
