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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever happens to one of the processes of a take-over: no request fails but those of
 * a process that is killed, and one process remains, which the next one can take over
 * from. The web servers take turns.
 */
@Tag("takeover")
class TakeoverFaultTests {

	private static final int TIMES = Integer.getInteger("takeover.faults", 50);

	private static final List<WebServerKind> SERVERS = Arrays
		.stream(System.getProperty("takeover.servers", "TOMCAT,JETTY,NETTY").split(","))
		.map(WebServerKind::valueOf)
		.toList();

	private static final Map<WebServerKind, TakeoverSite> sites = new EnumMap<>(WebServerKind.class);

	@TempDir
	static Path directory;

	@BeforeAll
	static void start() throws IOException {
		for (WebServerKind server : SERVERS) {
			sites.put(server, new TakeoverSite(server, directory));
		}
	}

	@AfterAll
	static void close() throws Exception {
		for (TakeoverSite site : sites.values()) {
			site.close();
		}
	}

	static Stream<Fault> faults() {
		return Stream.of(Fault.Action.values())
			.flatMap((action) -> Stream.of(Fault.Victim.values())
				.flatMap((victim) -> Stream.of("BEGUN", "PASSED", "READY", "SERVING", "RELEASED")
					.map((step) -> new Fault(action, victim, step))));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void requestsWhenProcessIsKilledOrStoppedAreServed(Fault fault) throws Exception {
		for (int i = 0; i < TIMES; i++) {
			site(i).take(fault);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--server.port=1", "--server.port=no-number", "--pid.start-failure=true",
			"--pid.start-delay=30" })
	void requestsWhenNewProcessDoesNotStartAreServedByOldOne(String argument) throws Exception {
		for (int i = 0; i < TIMES; i++) {
			ServerProcess old = site(i).current();
			List<ServerProcess> started = site(i).take(argument);
			assertThat(site(i).current()).describedAs(site(i).output()).isSameAs(old);
			assertThat(started.get(0).awaitExit()).isNotZero();
		}
	}

	@Test
	void requestsWhenTwoTakeOverAtOnceAreServed() throws Exception {
		for (int i = 0; i < TIMES; i++) {
			site(i).take("--pid.first", "--pid.second");
		}
	}

	private static TakeoverSite site(int index) {
		return sites.get(SERVERS.get(index % SERVERS.size()));
	}

}
