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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PageBlocks;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two applications with the configuration of the page on containers, each in namespaces
 * of its own: processes, mounts, network, IPC and host name. They share one directory.
 */
class ContainersTests {

	private static final int LENDER = 1000;

	private static final int READER = 1001;

	/** The volume is the only thing that the containers share below /run. */
	private static final String ENTER = "mount -t tmpfs tmpfs /run && mkdir -p /var/run/fdbroker"
			+ " && mount --bind \"$1\" /var/run/fdbroker && shift && exec \"$@\"";

	@TempDir
	Path directory;

	private Path volume;

	@BeforeEach
	void createVolume() throws IOException {
		OtherUser.assumeAvailable();
		Peers.require("unshare");
		Peers.Result unshared = Peers.run(List.of("unshare", "--mount", "--pid", "--fork", "--net", "true"));
		Assumptions.assumeTrue(unshared.exitCode() == 0, unshared.output());
		this.volume = Files.createDirectory(this.directory.resolve("volume"));
		shell("chmod 0755 %s && chown 1000:2000 %s && chmod 0750 %2$s", this.directory, this.volume);
		shell("echo content >%1$s && chown 1000 %1$s && chmod 0600 %1$s", this.directory.resolve("file"));
	}

	@Test
	void readerWhenInOtherContainerGetsFileOfLenderThatStartsLaterAndAgain() throws IOException {
		List<String> blocks = PageBlocks.read(Path.of("src/docs/containers.md"))
			.in("yaml")
			.stream()
			.filter((block) -> block.startsWith("fdbroker:"))
			.toList();
		for (int i = 0; i < 2; i++) {
			try (PeerProcess reader = container(READER, blocks.get(1), "--fdbroker.peers.desk.connect-timeout=60s");
					PeerProcess lender = container(LENDER, blocks.get(0))) {
				assertThat(lender.awaitLine("lent to ")).isEqualTo("lent to pid 0 uid 1001 gid 2000");
				assertThat(reader.readAll()).contains("read content\n from pid 0 uid 1000 gid 2000");
				// It leaves its files.
				ProcessHandle.of(lender.pid())
					.stream()
					.flatMap(ProcessHandle::descendants)
					.forEach(ProcessHandle::destroyForcibly);
				lender.awaitExit();
			}
		}
	}

	/**
	 * Start the application in a container of a user. It may read everything, because the
	 * class path may be out of the user's reach.
	 */
	private PeerProcess container(int user, String configuration, String... properties) throws IOException {
		Path file = Files.writeString(this.directory.resolve(user + ".yml"), configuration);
		List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--net", "--ipc",
				"--uts", "--mount-proc", "sh", "-c", ENTER, "sh", this.volume.toString(), "setpriv", "--reuid=" + user,
				"--regid=2000", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
				"env", "-u", "XDG_RUNTIME_DIR", "-u", "HOME"));
		List<String> application = ChildJvm.command(ContainerApplication.class,
				"--spring.config.location=file:" + file);
		application.addAll(List.of(properties));
		application.add(1, "-Dlent=" + this.directory.resolve("file"));
		command.addAll(application);
		return PeerProcess.start(command);
	}

	private static void shell(String line, Object... arguments) {
		Peers.Result result = Peers.run(List.of("sh", "-c", line.formatted(arguments)));
		assertThat(result.exitCode()).as(result.output()).isZero();
	}

}
