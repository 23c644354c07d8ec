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

package io.github.fdbroker.web.tomcat;

import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.test.FdTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections of HTTP/1.1 that move to the Tomcat of another process and back.
 */
@ExtendWith(FdLedger.class)
@Timeout(120)
class MovedToProcessTests {

	private static final int CLIENTS = 3;

	private static final int MOVES = 300;

	private static final int MAX_DESCRIPTORS = 50;

	private static final Duration START = Duration.ofSeconds(30);

	@TempDir
	Path directory;

	@Test
	void requestsWhenConnectionsMoveBetweenProcessesAreEachServedOnce() throws Exception {
		Path socket = this.directory.resolve("socket");
		File log = this.directory.resolve("log").toFile();
		Process process = new ProcessBuilder(MovingProcess.command(socket)).redirectErrorStream(true)
			.redirectOutput(log)
			.start();
		try (OutputStream input = process.getOutputStream()) {
			Awaitility.await().atMost(START).until(() -> Files.exists(socket) || !process.isAlive());
			assertThat(process.isAlive()).describedAs(Files.readString(log.toPath())).isTrue();
			move(socket);
		}
		assertThat(process.waitFor()).isZero();
		assertThat(Files.readString(log.toPath())).doesNotContain(" WARN ", " ERROR ");
	}

	private static void move(Path socket) throws Exception {
		try (MovingServer server = new MovingServer("test"); FdTestClient process = FdTestClient.to(socket).open()) {
			Exchange before = Exchange.between(server, process);
			int moved = 0;
			int sent;
			try (KeepAliveClients clients = new KeepAliveClients(CLIENTS, server.address())) {
				Awaitility.await().until(() -> server.protocol().connections() == CLIENTS);
				server.stopAccepting();
				while (moved < MOVES && clients.areRunning()) {
					moved += Exchange.between(server, process).moved();
				}
				sent = clients.end();
			}
			Awaitility.await().until(() -> Exchange.between(server, process).hasNone(before.sockets()));
			assertThat(server.requests() + Exchange.between(server, process).requests()).isEqualTo(sent);
			assertThat(server.requests()).isBetween(1, sent - 1);
			Awaitility.await().until(() -> server.protocol().connections() + server.counted() == 0);
		}
	}

	/**
	 * What the process has served and holds after connections have moved both ways.
	 */
	private record Exchange(int moved, int requests, int connections, int counted, int sockets) {

		static Exchange between(MovingServer server, FdTestClient process) {
			List<OwnedFd> taken = server.protocol().takeIdle(MAX_DESCRIPTORS);
			try {
				FdMessage reply = process.request("move", taken.toArray()).message();
				reply.descriptors().forEach(server.protocol()::adopt);
				int[] figures = Arrays.stream(reply.text().split(" ")).mapToInt(Integer::parseInt).toArray();
				return new Exchange(taken.size() + reply.descriptors().size(), figures[0], figures[1], figures[2],
						figures[3]);
			}
			finally {
				taken.forEach(OwnedFd::close);
			}
		}

		boolean hasNone(int sockets) {
			return this.moved + this.connections + this.counted == 0 && this.sockets == sockets;
		}

	}

}
