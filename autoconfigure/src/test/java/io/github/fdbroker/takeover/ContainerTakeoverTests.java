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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.PageBlocks;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The recipe of the page on take-overs for a container, in namespaces of processes and
 * mounts.
 */
class ContainerTakeoverTests {

	@TempDir
	Path directory;

	@BeforeEach
	void requirePrograms() {
		List.of("unshare", "nsenter", "pidof").forEach(Peers::require);
		Peers.Result unshared = Peers.run(List.of("unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"));
		Assumptions.assumeTrue(unshared.exitCode() == 0, unshared.output());
	}

	@Test
	void processWhenStartedInTheContainerTakesOverAndTheContainerGoesOn() throws Exception {
		List<String> command = TakeoverApplication.command(this.directory,
				this.directory.resolve("handoff").toString());
		String script = PageBlocks.read(Path.of("src/docs/takeover.md")).in("sh").get(0);
		Path start = Files.writeString(this.directory.resolve("start.sh"),
				script.replace("java -jar /app/app.jar", "\"$@\""));
		try (PeerProcess container = start(
				List.of("unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", start.toString()), command)) {
			container.awaitLine("ready");
			ProcessHandle init = ProcessHandle.of(container.pid()).orElseThrow().children().findAny().orElseThrow();
			try (PeerProcess outside = PeerProcess.start(command)) {
				assertThat(outside.readAll()).contains("another process namespace");
			}
			try (PeerProcess second = start(
					List.of("nsenter", "--target", String.valueOf(init.pid()), "--mount", "--pid"), command)) {
				second.awaitLine("event COMPLETED");
				container.awaitLine("event COMPLETED");
				init.destroy();
				assertThat(container.awaitExit()).isZero();
				second.awaitExit();
			}
		}
	}

	private static PeerProcess start(List<String> prefix, List<String> command) {
		List<String> all = new ArrayList<>(prefix);
		all.addAll(command);
		return PeerProcess.start(all);
	}

}
