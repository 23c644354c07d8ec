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

package io.github.fdbroker.sample.fdctl;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tool as people and shell scripts run it. Runs once its jar is built.
 */
@Tag("jar")
class FdctlJarTests {

	private static final Path TOOL = Path.of("fdctl").toAbsolutePath();

	private static final String PYTHON_CLIENT = """
			import socket, sys
			with socket.socket(socket.AF_UNIX) as peer, open(sys.argv[2]) as file:
			    peer.connect(sys.argv[1])
			    socket.send_fds(peer, [b"from Python"], [file.fileno()])
			""";

	private static final String PYTHON_SERVER = """
			import socket, sys
			with socket.socket(socket.AF_UNIX) as listener:
			    listener.bind(sys.argv[1])
			    listener.listen()
			    peer, _ = listener.accept()
			    question, descriptors, _, _ = socket.recv_fds(peer, 100, 1)
			    with open(sys.argv[2]) as file, open(descriptors[0]) as came:
			        socket.send_fds(peer, [question + came.read().encode()], [file.fileno()])
			""";

	@TempDir
	Path directory;

	@Test
	void describeWhenPythonSendsTellsWhatCame() throws Exception {
		require("python3");
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		Process tool = start("describe", "--listen", "socket", "--format", "raw");
		try (BufferedReader errors = new BufferedReader(new InputStreamReader(tool.getErrorStream()))) {
			assertThat(errors.readLine()).isEqualTo("fdctl: listening on " + this.directory.resolve("socket"));
			Process python = process(List.of("python3", "-c", PYTHON_CLIENT, "socket", "file")).inheritIO().start();
			assertThat(output(tool).lines()).satisfiesExactly(
					(line) -> assertThat(line).startsWith("message from pid " + python.pid() + " uid ")
						.endsWith(" with 11 bytes and 1 descriptors"),
					(line) -> assertThat(line).isEqualTo("payload from Python"), (line) -> assertThat(line)
						.isEqualTo("descriptor 0: a regular file, open for reading, 7 bytes, " + file.toRealPath()));
			assertThat(tool.waitFor()).isZero();
			assertThat(python.waitFor()).isZero();
		}
		assertThat(this.directory.resolve("socket")).doesNotExist();
	}

	@Test
	void requestWhenPythonServesGivesItsFileToTheCommand() throws Exception {
		require("python3");
		Files.writeString(this.directory.resolve("question"), "sent along");
		Files.writeString(this.directory.resolve("file"), "content");
		Process python = process(List.of("python3", "-c", PYTHON_SERVER, "socket", "file")).inheritIO().start();
		Process tool = start("request", "socket", "--format", "raw", "--payload", "what? ", "question", "--", "sh",
				"-c", "tr a-z A-Z; exit 5");
		assertThat(output(tool)).isEqualTo("CONTENT");
		assertThat(tool.waitFor()).isEqualTo(5);
		assertThat(python.waitFor()).isZero();
	}

	@Test
	void scriptWhenItUsesTheToolSendsItsPipe() throws Exception {
		Path script = Files.writeString(this.directory.resolve("script"), """
				set -eu
				: > ready
				"$1" describe --listen socket > description 2> ready &
				until grep -q listening ready; do sleep 0.1; done
				echo hello | "$1" send socket --payload "from a script" in=-
				wait $!
				cat description
				"$1" send nowhere --timeout 1ms || echo "code $?"
				""");
		Process shell = process(List.of("sh", script.toString(), TOOL.toString())).redirectErrorStream(true).start();
		shell.getOutputStream().close();
		assertThat(output(shell).lines()).satisfiesExactly(
				(line) -> assertThat(line)
					.isEqualTo("sent a message with 1 descriptors to " + this.directory.resolve("socket")),
				(line) -> assertThat(line).startsWith("message from pid "),
				(line) -> assertThat(line).isEqualTo("payload from a script"),
				(line) -> assertThat(line).startsWith("descriptor 0 'in': a pipe, open for reading, pipe:["),
				(line) -> assertThat(line).startsWith("fdctl: ").contains("was not there within 1 ms"),
				(line) -> assertThat(line).isEqualTo("code 3"));
		assertThat(shell.waitFor()).isZero();
	}

	private Process start(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(TOOL.toString()));
		command.addAll(List.of(arguments));
		return process(command).start();
	}

	private ProcessBuilder process(List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile());
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		return builder;
	}

	private static String output(Process process) throws Exception {
		return new String(process.getInputStream().readAllBytes());
	}

	private static void require(String program) throws Exception {
		boolean present = new ProcessBuilder("sh", "-c", "command -v " + program)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor() == 0;
		if (!present && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(program + " is missing");
		}
		Assumptions.assumeTrue(present, program + " is missing");
	}

}
