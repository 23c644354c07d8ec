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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of web server listens on a socket that was passed to its process, and no
 * request is lost when the process is restarted.
 */
class SocketActivationTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource
	void requestsWhenServiceIsRestartedAreAllServed(WebServerKind server) throws Exception {
		String output = run("http", "1", server.command("--fdbroker.web.socket=http", "--server.port=1"));
		assertThat(output).describedAs(log()).matches("requests \\d{3,} failed 0 processes 2\n");
		assertThat(log()).contains("listens on the activated descriptor 'http', port ")
			.doesNotContain(" WARN ", " ERROR ");
	}

	@ParameterizedTest
	@EnumSource
	void managementServerListensOnSocketOfItsOwn(WebServerKind server) throws Exception {
		String output = run("management", "0", server.command("--fdbroker.web.socket=http",
				"--fdbroker.web.management-socket=management", "--server.port=0", "--management.server.port=1"));
		assertThat(output).describedAs(log()).matches("requests \\d+ failed 0 processes 1\n");
		assertThat(log()).contains("The management server listens on the activated descriptor 'management', port ")
			.containsPattern("The web server has bound port \\d+, because no descriptor 'http' was passed");
	}

	@Test
	void startWhenDescriptorIsNoListeningSocketTellsWhatToPass() throws Exception {
		ProcessBuilder command = new ProcessBuilder("sh", "-c", "exec 3<&0; LISTEN_PID=$$ exec \"$@\"", "sh");
		command.command().addAll(WebServerKind.TOMCAT.command("--fdbroker.web.socket=http"));
		command.environment().put("LISTEN_FDS", "1");
		command.environment().put("LISTEN_FDNAMES", "http");
		assertThat(run(command)).contains("Activated descriptor 3 'http' is no listening socket, but a pipe",
				"Set ListenStream= in the socket unit");
	}

	private String run(String name, String restarts, List<String> server) throws Exception {
		List<String> command = new ArrayList<>(List.of("python3", "src/test/peers/activation.py", name, restarts));
		command.addAll(server);
		return run(new ProcessBuilder(command));
	}

	private String run(ProcessBuilder command) throws IOException, InterruptedException {
		Path log = this.directory.resolve("log");
		Process process = command.redirectErrorStream(false).redirectError(log.toFile()).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

	private String log() throws IOException {
		return Files.readString(this.directory.resolve("log"));
	}

}
