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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is killed under load: its clients notice, and the next one takes the path
 * over.
 */
class RestartHoldTests {

	@TempDir
	Path directory;

	@Test
	void serverWhenKilledUnderLoadStartsAgainAtTheSamePath() {
		killAndRestart(2);
	}

	@Proof
	void serverWhenKilledUnderLoadFiftyTimesStartsAgainEachTime() {
		killAndRestart(50);
	}

	private void killAndRestart(int rounds) {
		for (int i = 0; i < rounds; i++) {
			try (HeldServer server = HeldServer.start(this.directory);
					PeerProcess load = server.attack("load", "stream", 1_000_000)) {
				server.kill();
				assertThat(load.readLine()).matches("replies [1-9][0-9]*");
			}
		}
		try (HeldServer server = HeldServer.start(this.directory)) {
			server.assertServes("stream");
		}
	}

}
