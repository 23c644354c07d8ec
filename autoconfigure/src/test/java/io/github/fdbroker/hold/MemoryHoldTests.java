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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The resident memory of a server stays flat, however many connections come and go. Its
 * heap is resident from the beginning. Buffers outside the heap are freed when the heap
 * is collected, so their sum is limited, and so are the arenas among which malloc(3)
 * scatters them.
 */
class MemoryHoldTests {

	static final List<String> LIMITS = List.of("env", "MALLOC_ARENA_MAX=2",
			"JDK_JAVA_OPTIONS=-Xms256m -XX:+AlwaysPreTouch -XX:MaxDirectMemorySize=16m");

	private static final int AT_ONCE = 5000;

	private static final int GROWTH_KB = 10_000;

	@TempDir
	Path directory;

	@Test
	void residentMemoryStaysFlatOverManyConnections() {
		connect(AT_ONCE, 3 * AT_ONCE);
	}

	@Proof
	void residentMemoryStaysFlatOverAMillionConnections() {
		connect(50_000, 950_000);
	}

	private void connect(int before, int count) {
		try (HeldServer server = HeldServer.startUnder(LIMITS, this.directory)) {
			server.assertServes("stream");
			connect(server, before);
			long first = server.status("VmRSS");
			connect(server, count);
			long last = server.status("VmRSS");
			System.out.printf("resident memory after %d connections %d kB, after %d more %d kB%n", before, first, count,
					last);
			assertThat(last - first).isLessThan(GROWTH_KB);
		}
	}

	private static void connect(HeldServer server, int count) {
		for (int i = 0; i < count / AT_ONCE; i++) {
			assertThat(server.run("knock", "stream", AT_ONCE)).isEqualTo("knocked " + AT_ONCE);
		}
	}

}
