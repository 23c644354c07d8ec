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

package io.github.fdbroker;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Peers.Result;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who has a path has it alone, and each of many clients has a connection of its own, with
 * peers in Python at the other end.
 */
class NamesAndConnectionsTests {

	private static final int CLIENTS = 200;

	@TempDir
	Path directory;

	@Test
	void applicationWhenPeerServesThePathFailsToStartAndNamesItAndLeavesIt() throws IOException {
		try (PeerProcess server = PeerProcess.python("sockets.py", "listen", path())) {
			Object file = Files.getAttribute(path(), "unix:ino");
			application().run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining(path().toString())
				.hasMessageContaining(Long.toString(server.pid())));
			assertThat(Files.getAttribute(path(), "unix:ino")).isEqualTo(file);
		}
	}

	@Test
	void applicationWhenServerDiedReplacesTheFileThatItLeft() {
		PeerProcess server = PeerProcess.python("sockets.py", "listen", path());
		server.close();
		assertThat(path()).exists();
		application().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(crowd(1)).isEqualTo(new Result(0, "1 answered\n"));
		});
		assertThat(path()).doesNotExist();
	}

	@Test
	void peerWhenApplicationServesThePathCannotBindToIt() {
		application().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(Peers.runPython("sockets.py", "bind", path()).output()).contains("Address already in use");
			assertThat(crowd(1)).isEqualTo(new Result(0, "1 answered\n"));
		});
	}

	@Test
	void clientsWhenManyHaveConnectionsAtOnceEachGetsItsOwnReplies() {
		application().run((context) -> {
			assertThat(context).hasNotFailed();
			FdListenerContainer container = context.getBean(FdListenerRegistry.class).containers().iterator().next();
			try (PeerProcess clients = PeerProcess.python("sockets.py", "crowd", path(), CLIENTS)) {
				Awaitility.await().until(() -> container.connections() == CLIENTS);
				clients.writeLine("");
				assertThat(clients.readLine()).isEqualTo(CLIENTS + " answered");
			}
			Awaitility.await().until(() -> container.connections() == 0);
			assertThat(container.counters().traffic().descriptorsReceived()).isEqualTo(3 * CLIENTS);
		});
	}

	/**
	 * Without any input, the clients do not wait.
	 */
	private Result crowd(int clients) {
		Result result = Peers.runPython("sockets.py", "crowd", path(), clients);
		return new Result(result.exitCode(), result.output().replace("ready\n", ""));
	}

	private ApplicationContextRunner application() {
		return TestApplication.with(this.directory, Reader.class, new Reader())
			.withPropertyValues("fdbroker.sockets.handoff.format=raw");
	}

	private Path path() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	static class Reader {

		@FdListener(TestApplication.SOCKET)
		String read(String question, FileInputStream file) throws IOException {
			return question + " " + new String(file.readAllBytes());
		}

	}

}
