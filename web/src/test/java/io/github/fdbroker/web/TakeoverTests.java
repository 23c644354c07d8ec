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

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A new process takes over from the one that runs, under load. The long forms are
 * {@link TakeoverMeasurementTests} and {@link TakeoverFaultTests}.
 */
class TakeoverTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource
	void requestsWhenNewProcessTakesOverAreAllServed(WebServerKind server) throws Exception {
		try (TakeoverSite site = new TakeoverSite(server, this.directory)) {
			ServerProcess first = site.current();
			site.take("--pid.next");
			assertThat(site.current()).isNotSameAs(first);
			assertThat(first.awaitExit()).describedAs(first.output()).isZero();
			assertThat(site.output()).doesNotContain(" WARN ", " ERROR ");
		}
	}

	@Test
	void requestsWhenProcessesFailAreServedByTheOther() throws Exception {
		try (TakeoverSite site = new TakeoverSite(WebServerKind.TOMCAT, this.directory)) {
			site.take(Fault.parse("KILL NEW READY"));
			site.take(Fault.parse("KILL OLD RELEASED"));
			ServerProcess old = site.current();
			site.refuse("--server.port=1");
			site.take("--pid.first", "--pid.second");
			// Its own control socket was opened by a process before it.
			String completed = "Take-over of process %d by process \\d+, COMPLETED: the old".formatted(old.pid());
			Awaitility.await().untilAsserted(() -> assertThat(site.output()).containsPattern(completed));
		}
	}

}
