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

package io.github.fdbroker.systemd;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service across a restart, with a service manager written in Python: its
 * notifications, its stored descriptors, and the clients that wait for it.
 */
class ServiceRestartTests {

	private static final int EXIT_CODE_OF_SIGTERM = 143;

	@TempDir
	Path directory;

	@Test
	void serviceWhenRestartedHasItsSocketAndWhatItStored() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "kept over the restart");
		try (PeerProcess manager = manager()) {
			manager.writeLine("start");
			try (FdTestClient peer = TestApplication.client(this.directory);
					FileInputStream kept = new FileInputStream(file.toFile())) {
				assertThat(manager.awaitLine("told"))
					.matches("told READY=1 STATUS=Ready, serving handoff MAINPID=\\d+ ");
				assertThat(manager.awaitLine("told")).isEqualTo("told WATCHDOG=1 ");
				assertThat(manager.awaitLine("told")).isEqualTo("told WATCHDOG=1 ");
				assertThat(peer.request("store", kept.getFD())).hasPayload("stored");
			}
			Files.delete(file);
			manager.writeLine("stop");
			manager.awaitLine("told STOPPING=1 STATUS=Stopping");
			manager.awaitLine("exited " + EXIT_CODE_OF_SIGTERM);
			try (RawPeer early = RawPeer.connect(this.directory)) {
				early.send(MessageKind.REQUEST, 2, "kept");
				manager.writeLine("start");
				assertThat(early.reply()).isEqualTo("2 REPLY kept over the restart");
				manager.awaitLine("told READY=1");
				assertThat(early.ask(3, "remove")).isEqualTo("3 REPLY removed");
			}
			manager.writeLine("store");
			assertThat(manager.awaitLine("store ")).isEqualTo("store ");
			manager.writeLine("stop");
			manager.awaitLine("exited " + EXIT_CODE_OF_SIGTERM);
		}
	}

	private PeerProcess manager() {
		List<Object> arguments = new ArrayList<>(List.of("--listen=handoff=" + this.directory.resolve("handoff"),
				"--setenv=WATCHDOG_USEC=200000", this.directory.resolve("notify")));
		arguments.addAll(
				ServiceApplication.command("--fdbroker.sockets.handoff.mode=0600", "--fdbroker.systemd.main-pid=true"));
		return PeerProcess.startReady(Peers.python("manager.py", arguments.toArray()));
	}

}
