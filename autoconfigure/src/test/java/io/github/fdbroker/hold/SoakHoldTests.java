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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Minutes of everything at once: clients that have to be served, peers that attack, and a
 * restart now and then.
 */
class SoakHoldTests {

	private static final Duration TIME = Duration.ofSeconds(Long.getLong("fdbroker.proof.soak", 600));

	private static final int ROUNDS_BETWEEN_RESTARTS = 20;

	/** The compiler and the pools of threads have what they need after these. */
	private static final int WARM_UP = 5;

	private static final int GROWTH_KB = 30_000;

	@TempDir
	Path directory;

	@Proof
	void serverServesWhateverPeersDoAndStaysFlat() {
		Instant end = Instant.now().plus(TIME);
		int restarts = 0;
		int rounds = 0;
		while (Instant.now().isBefore(end)) {
			try (HeldServer server = HeldServer.startUnder(MemoryHoldTests.LIMITS, this.directory)) {
				for (int i = 0; i < WARM_UP; i++) {
					round(server, "warm-up " + restarts + " " + i);
				}
				Map<Integer, String> before = server.descriptors();
				long threads = server.status("Threads");
				long resident = server.status("VmRSS");
				for (int i = 0; i < ROUNDS_BETWEEN_RESTARTS && Instant.now().isBefore(end); i++) {
					round(server, "soak " + restarts + " " + i);
					server.awaitDescriptors(before);
					rounds++;
				}
				System.out.println("threads " + threads + " to " + server.status("Threads") + ", resident " + resident
						+ " to " + server.status("VmRSS") + " kB");
				assertThat(server.isAlive()).isTrue();
				assertThat(server.status("VmRSS") - resident).isLessThan(GROWTH_KB);
				server.kill();
			}
			restarts++;
		}
		System.out.println(rounds + " rounds, " + restarts + " restarts");
	}

	private static void round(HeldServer server, String seed) {
		List<PeerProcess> attacks = new ArrayList<>();
		attacks.add(PeerProcess.start(server.command("fuzz", "brief", 2, seed)));
		attacks.add(PeerProcess.start(server.command("die", "stream", 1)));
		attacks.add(PeerProcess.start(server.command("counts", "stream")));
		attacks.add(PeerProcess.start(server.command("garbage", "seqpacket", 2, "seqpacket")));
		assertThat(server.run("steady", "stream", 1000)).startsWith("served 1000 ");
		server.assertServes("stream");
		for (PeerProcess attack : attacks) {
			assertThat(attack.readLine()).matches("(tried|killed) [0-9]+");
			attack.close();
		}
	}

}
