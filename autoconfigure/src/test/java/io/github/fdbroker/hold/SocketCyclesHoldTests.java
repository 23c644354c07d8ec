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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are sent over themselves and over each other: in a network namespace
 * of their own, the kernel has as many sockets afterwards as before.
 */
class SocketCyclesHoldTests {

	private static final int COUNT = 300;

	@TempDir
	Path directory;

	@Test
	void cyclesLeaveNoSocketInTheKernel() throws IOException {
		Peers.require("nsenter");
		try (HeldServer server = HeldServer.startUnder(List.of("unshare", "-n"), this.directory)) {
			run(server, 10);
			long before = sockets(server);
			assertThat(before).isPositive();
			run(server, COUNT);
			Awaitility.await().untilAsserted(() -> assertThat(sockets(server)).isEqualTo(before));
		}
	}

	private static void run(HeldServer server, int count) {
		List<String> command = new ArrayList<>(List.of("nsenter", "--net=/proc/" + server.pid() + "/ns/net"));
		command.addAll(server.command("cycles", "brief", count));
		assertThat(Peers.run(command).output().trim()).isEqualTo("sent " + count);
	}

	/**
	 * The line of a protocol has its name, the size of a socket and how many there are.
	 */
	private static long sockets(HeldServer server) throws IOException {
		return Files.readAllLines(Path.of("/proc/" + server.pid() + "/net/protocols"))
			.stream()
			.map((line) -> line.split(" +"))
			.filter((words) -> words[0].startsWith("UNIX"))
			.mapToLong((words) -> Long.parseLong(words[2]))
			.sum();
	}

}
