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

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.takeover.FdTakeoverAutoConfiguration;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the descriptor table has no room for all sockets that a process is to pass, none
 * of their duplicates is left open.
 */
class FullTableTests {

	private static final int TABLE = 200;

	@TempDir
	Path directory;

	@Test
	void socketsWhenTableIsFullAreNotPassedAndNotLeftOpen() {
		Peers.Result result = Peers.run(ChildJvm.withTable(TABLE,
				ChildJvm.command(Application.class, "--fdbroker.directory=" + this.directory,
						"--fdbroker.sockets.first.path=first", "--fdbroker.sockets.second.path=second",
						"--fdbroker.takeover.enabled=true", "--fdbroker.takeover.socket=control")));
		assertThat(result.output()).contains("0 free: refused, 0 left open", "1 free: refused, 0 left open",
				"2 free: refused, 0 left open", "3 free: passed, 0 left open");
	}

	/**
	 * The main class of the child.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ FdBrokerAutoConfiguration.class, FdTakeoverAutoConfiguration.class })
	static class Application {

		public static void main(String[] arguments) throws Exception {
			TakeoverParticipant participant = SpringApplication.run(Application.class, arguments)
				.getBean(ListenerSockets.class);
			// A full table has no room for reading classes.
			tryWith(3, participant);
			tryWith(0, participant);
			for (int free = 0; free <= 3; free++) {
				int before = FdLedger.open().size();
				String result = tryWith(free, participant);
				System.out.printf("%d free: %s, %d left open%n", free, result, FdLedger.open().size() - before);
			}
			System.exit(0);
		}

		private static String tryWith(int free, TakeoverParticipant participant) {
			List<FileDescriptor> hogs = fill(free);
			try {
				participant.sockets().stream().map(PassedSocket::descriptor).forEach((socket) -> socket.close());
				return "passed";
			}
			catch (FdLimitException ex) {
				return "refused";
			}
			finally {
				Descriptors.close(hogs);
			}
		}

		private static List<FileDescriptor> fill(int free) {
			List<FileDescriptor> hogs = new ArrayList<>();
			try {
				while (true) {
					hogs.add(Descriptors.duplicate(FileDescriptor.out));
				}
			}
			catch (Exception ex) {
				Descriptors.close(new ArrayList<>(hogs.subList(0, free)));
				return hogs.subList(free, hogs.size());
			}
		}

		@FdListener("first")
		void first(String payload) {
		}

		@FdListener("second")
		void second(String payload) {
		}

	}

}
