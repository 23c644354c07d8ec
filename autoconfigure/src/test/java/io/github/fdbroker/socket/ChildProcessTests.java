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

package io.github.fdbroker.socket;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that inherit a descriptor as their standard input.
 */
class ChildProcessTests {

	@TempDir
	Path directory;

	@Test
	void startWhenGivenDescriptorIsStandardInputAndStillTheCallers() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		ProcessBuilder command = new ProcessBuilder("cat");
		try (FileInputStream input = new FileInputStream(file.toFile())) {
			Process process = ChildProcess.start(command, input.getFD());
			assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("content");
			assertThat(process.waitFor()).isZero();
			assertThat(input.getChannel().position()).as("the open file is shared").isEqualTo(7);
		}
		assertThat(command.redirectInput()).isEqualTo(Redirect.PIPE);
	}

	@Test
	void startWhenPairIsMadeOnlyThisEndStaysOpenHereAndIsNotInherited() throws Exception {
		ChildProcess child = ChildProcess.start(new ProcessBuilder("cat"));
		int number = Descriptors.number(child.socket());
		assertThat(flags(number)).as("O_CLOEXEC").matches("0?2000002");
		FdConnection connection = FdConnection.ofPair("cat", child.socket(), TransportMode.AUTO.select(),
				Duration.ofSeconds(10));
		try (connection) {
			assertThat(connection.peer()).isEqualTo(Descriptors.self());
			assertThat(connection).hasToString("Connection with cat");
			connection.send(ByteBuffer.allocateDirect(5).put("hello".getBytes()).flip(), List.of());
			byte[] copied = child.process().getInputStream().readNBytes(5);
			assertThat(copied).asString().isEqualTo("hello");
			child.process().destroy();
			assertThat(connection.awaitReadable(Duration.ofSeconds(20))).isTrue();
			assertThat(connection.receive(ByteBuffer.allocateDirect(1)).isEnd()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POSIX_SPAWN", "VFORK", "FORK" })
	void startWhenJavaLaunchesProcessesInAnyWayWorks(String mechanism) {
		List<String> command = ChildJvm.command(Launch.class);
		command.add(1, "-Djdk.lang.Process.launchMechanism=" + mechanism);
		assertThat(Peers.run(command).output()).endsWith("descriptors of the child: [0, 1, 2]\n");
	}

	private static String flags(int number) throws IOException {
		return Files.readString(Path.of("/proc/self/fdinfo/" + number))
			.lines()
			.filter((line) -> line.startsWith("flags:"))
			.map((line) -> line.substring(6).trim())
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Starts a process that lists its descriptors.
	 */
	static final class Launch {

		private Launch() {
		}

		/**
		 * Start, and print what it prints.
		 */
		public static void main(String[] arguments) throws IOException {
			Path script = Path.of("src/test/peers/child.py").toAbsolutePath();
			ChildProcess child = ChildProcess.start(new ProcessBuilder("python3", script.toString(), "list"));
			System.out
				.print("descriptors of the child: " + new String(child.process().getInputStream().readAllBytes()));
			Descriptors.close(child.socket());
		}

	}

}
