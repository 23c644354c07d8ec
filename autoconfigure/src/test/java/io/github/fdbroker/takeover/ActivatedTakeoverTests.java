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

package io.github.fdbroker.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.SocketActivate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Take-overs of a socket whose path is not configured, because the service manager has
 * opened it.
 */
class ActivatedTakeoverTests {

	@TempDir
	Path directory;

	private final List<PeerProcess> processes = new ArrayList<>();

	@AfterEach
	void end() {
		this.processes.forEach(PeerProcess::close);
	}

	@Test
	void socketWhenOldProcessHasItFromServiceManagerIsFoundByItsName() throws Exception {
		PeerProcess first = add(
				SocketActivate.start(1, List.of("--listen=" + socket(), "--fdname=handoff"), command("")));
		assertThat(ask("pid")).isEqualTo("1 REPLY " + first.pid());
		try (Requests requests = new Requests(this.directory)) {
			PeerProcess second = add(PeerProcess.start(command("")));
			second.awaitLine("event COMPLETED");
			assertThat(first.awaitExit()).isZero();
			PeerProcess third = add(PeerProcess.start(command("")));
			third.awaitLine("event COMPLETED");
			assertThat(second.awaitExit()).isZero();
			await().until(() -> requests.processes().contains("1 REPLY " + third.pid()));
			requests.close();
			assertThat(requests.failures()).isEmpty();
			third.terminate();
		}
		assertThat(socket()).exists();
	}

	@Test
	void socketWhenNobodyPassesItSaysWhatToDo() throws Exception {
		assertThat(add(PeerProcess.start(command(""))).readAll())
			.contains("Socket 'handoff' cannot be opened: it has no path", "Set fdbroker.sockets.handoff.path");
	}

	@Test
	void socketWhenOldProcessHasOpenedItsPathNeedsPath() throws Exception {
		PeerProcess old = add(PeerProcess.start(command(socket().toString())));
		old.awaitLine("ready");
		assertThat(add(PeerProcess.start(command(""))).readAll())
			.contains("Socket 'handoff' cannot be opened: it has no path");
		assertThat(ask("pid")).isEqualTo("1 REPLY " + old.pid());
	}

	private PeerProcess add(PeerProcess process) {
		this.processes.add(process);
		return process;
	}

	private List<String> command(String path) throws IOException {
		return TakeoverApplication.command(this.directory, path);
	}

	private Path socket() {
		return this.directory.resolve("handoff");
	}

	private String ask(String payload) {
		try (RawPeer peer = RawPeer.connect(this.directory)) {
			return peer.ask(1, payload);
		}
	}

}
