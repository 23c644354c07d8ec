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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The long forms of the tests of this package: with figures, which they print, and often
 * enough for what happens seldom.
 */
class LongHoldTests {

	private static final Pattern P99 = Pattern.compile("p99 ([0-9.]+)");

	private static final int ASKED = 2000;

	@TempDir
	Path directory;

	private HeldServer server;

	private Map<Integer, String> before;

	@BeforeEach
	void start() {
		this.server = HeldServer.start(this.directory);
		for (String socket : new String[] { "stream", "brief", "strangers" }) {
			assertThat(this.server.run("ask", socket, ASKED)).startsWith("served ");
		}
		this.before = this.server.descriptors();
	}

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@Proof
	void manyClientsAskSteadily() {
		List<PeerProcess> clients = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			clients.add(PeerProcess.start(this.server.command("steady", "stream", 20_000)));
		}
		for (PeerProcess client : clients) {
			assertThat(print("8 clients, 20,000 requests each", client.readLine())).startsWith("served 20000 ");
			client.close();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void manyClientsConnectOneAfterAnother() {
		assertThat(print("10,000 connections", this.server.run("ask", "stream", 10_000))).startsWith("served 10000 ");
		assertThat(this.server.run("knock", "stream", 10_000)).isEqualTo("knocked 10000");
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void strangerWhoseClosesHangSlowsNobodyDown() {
		String quiet = this.server.run("ask", "strangers", ASKED);
		try (PeerProcess attack = this.server
			.ambush(OtherUser.command(this.server.command("linger", "strangers", 64)))) {
			String held = this.server.run("ask", "strangers", ASKED);
			print("64 hung closes of a stranger", quiet, held);
			assertThat(p99(held)).isLessThan(Math.max(20, 2 * p99(quiet)));
			assertThat(attack.pid()).isPositive();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void strangerWhoConnectsWithoutPauseSlowsNobodyDown() {
		String quiet = this.server.run("ask", "strangers", ASKED);
		try (PeerProcess attack = PeerProcess
			.start(OtherUser.command(this.server.command("knock", "strangers", Integer.MAX_VALUE)))) {
			String held = this.server.run("ask", "strangers", ASKED);
			print("a stranger who connects without pause", quiet, held);
			assertThat(p99(held)).isLessThan(Math.max(100, 5 * p99(quiet)));
			attack.kill();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void allowedPeerWhoseClosesHangSlowsNobodyDown() {
		String quiet = this.server.run("ask", "stream", ASKED);
		try (PeerProcess attack = this.server
			.ambush(OtherUser.command(this.server.command("linger", "stream", 64, "this is no frame at all")))) {
			String held = this.server.run("ask", "stream", ASKED);
			print("64 hung closes of an allowed peer", quiet, held);
			assertThat(p99(held)).isLessThan(Math.max(20, 2 * p99(quiet)));
			assertThat(attack.pid()).isPositive();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void halfFramesSlowNobodyDown() {
		String quiet = this.server.run("ask", "stream", ASKED);
		try (PeerProcess attack = this.server.attackAsOther("half", "stream", 60, 16, 16)) {
			String held = this.server.run("ask", "stream", ASKED);
			print("60 half frames", quiet, held);
			assertThat(p99(held)).isLessThan(Math.max(20, 2 * p99(quiet)));
			assertThat(attack.pid()).isPositive();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void idleCrowdSlowsNobodyDown() {
		String quiet = this.server.run("ask", "stream", ASKED);
		try (PeerProcess attack = this.server.attackAsOther("idle", "stream", 100)) {
			String held = this.server.run("ask", "stream", ASKED);
			print("100 idle connections", quiet, held);
			assertThat(p99(held)).isLessThan(Math.max(20, 2 * p99(quiet)));
			assertThat(attack.pid()).isPositive();
		}
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void tableRecoversExactlyAHundredTimes() {
		assertThat(this.server.run("full", "stream", 100)).isEqualTo("recovered 100");
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void peersKilledAtEveryByteLeaveNothing() {
		assertThat(print("kills", this.server.run("die", "stream", 100))).startsWith("killed ");
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void streamsMutatedAtRandomLeaveNothing() {
		for (String seed : List.of("1", "2", "3")) {
			assertThat(print("seed " + seed, this.server.run("fuzz", "brief", 20, seed))).startsWith("tried ");
		}
		this.server.assertServes("brief");
		this.server.awaitDescriptors(this.before);
	}

	@Proof
	void refusedPeersLeaveNothing() {
		assertThat(this.server.runAsOther("refused", "strangers", 1000)).isEqualTo("refused 1000");
		this.server.awaitDescriptors(this.before);
	}

	private static double p99(String line) {
		Matcher matcher = P99.matcher(line);
		assertThat(matcher.find()).as(line).isTrue();
		return Double.parseDouble(matcher.group(1));
	}

	private static String print(String what, String... figures) {
		System.out.println(what + ": " + String.join("; ", figures));
		return figures[0];
	}

}
