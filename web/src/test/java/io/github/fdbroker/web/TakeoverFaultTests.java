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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to one of the processes of a take-over: no request fails but those of
 * a process that is killed, and one process remains, which the next one can take over
 * from. Each trial adds a line to {@code target/takeover-faults.tsv}.
 */
@Tag("takeover")
class TakeoverFaultTests {

	private static final int TIMES = Integer.getInteger("takeover.faults", 50);

	private static final List<WebServerKind> SERVERS = Arrays
		.stream(System.getProperty("takeover.servers", "TOMCAT,JETTY,NETTY").split(","))
		.map(WebServerKind::valueOf)
		.toList();

	@TempDir
	static Path directory;

	private static TrialSites sites;

	private static TrialLog log;

	@BeforeAll
	static void start() throws Exception {
		sites = new TrialSites(directory);
		log = new TrialLog(Path.of("target/takeover-faults.tsv"));
	}

	@AfterAll
	static void close() throws Exception {
		sites.close();
	}

	static Stream<Trial> trials() {
		return Trial.all(TIMES, SERVERS);
	}

	@ParameterizedTest
	@MethodSource("trials")
	void requestsWhenTakeoverFailsAreServed(Trial trial) throws Throwable {
		Instant begin = Instant.now();
		try {
			TakeoverSite.Outcome outcome = sites.make(trial);
			log.passed(trial, Duration.between(begin, Instant.now()), outcome);
		}
		catch (Throwable ex) {
			log.failed(trial, Duration.between(begin, Instant.now()), ex);
			throw ex;
		}
	}

}
