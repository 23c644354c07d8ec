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

package io.github.fdbroker.sample.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The executable jar, started and ended as its users do it. Runs once the jar is built.
 */
@Tag("jar")
class SampleJarTests {

	private static final int EXIT_CODE_OF_SIGTERM = 143;

	@TempDir
	Path temporary;

	private Process front;

	private ProcessHandle worker;

	private ProcessHandle page;

	@AfterEach
	void end() throws InterruptedException {
		if (this.front != null) {
			this.front.destroyForcibly().waitFor();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sampleWhenStartedPrintsCommandsThatWorkAndLeavesNothing(boolean aheadOfTime) throws Exception {
		Commands.require("curl");
		Commands.require("python3");
		start("-Dspring.aot.enabled=" + aheadOfTime);
		String prefix = aheadOfTime ? "Starting AOT-processed " : "Starting ";
		assertThat(output())
			.contains(prefix + "FrontApplication", prefix + "WorkerApplication", prefix + "PageApplication")
			.doesNotContain("WARN", " ERROR ");
		assertThat(Commands.run(printed("curl")).output()).contains("says process " + this.worker.pid());
		assertThat(Commands.run(printed("curl", "/metrics/")).output()).contains("fdbroker.socket.messages", "COUNT");
		assertThat(Commands.run(printed("curl", "/actuator/fdbroker")).output()).contains("\"date-time\"", "\"vault\"",
				"\"open\":true");
		assertThat(Commands.run(printed("curl", "/health/")).output()).contains("\"status\":\"UP\"", "\"limit\"");
		assertThat(Commands.run("curl " + found("  (http://\\S+/)\n") + "process").output())
			.contains("\"pid\":" + this.page.pid(), "\"version\":\"0.");
		assertThat(Commands.run(printed("python3")))
			.isEqualTo(new Commands.Result(0, "the treasure lies under the old oak\n"));
		assertThat(Commands.run("./fdctl request " + this.temporary.resolve("run/vault")
				+ " --format raw --payload 'open sesame' -- cat"))
			.isEqualTo(new Commands.Result(0, "the treasure lies under the old oak"));
		this.front.destroy();
		assertThat(this.front.waitFor()).isEqualTo(EXIT_CODE_OF_SIGTERM);
		assertThat(this.worker.isAlive()).isFalse();
		assertThat(this.page.isAlive()).isFalse();
		assertThat(this.temporary.resolve("run")).isEmptyDirectory();
		assertThat(output()).doesNotContain(" ERROR ");
	}

	@Test
	void partsWhenFrontIsKilledEndInOrder() throws Exception {
		Commands.require("curl");
		start();
		ProcessHandle next = takeOver();
		this.front.destroyForcibly();
		this.worker.onExit().get(30, TimeUnit.SECONDS);
		next.onExit().get(30, TimeUnit.SECONDS);
		assertThat(this.temporary.resolve("run")).isEmptyDirectory();
	}

	@Test
	void frontWhenWorkerDiesSaysSoAndEnds() throws Exception {
		start();
		this.worker.destroyForcibly();
		assertThat(this.front.waitFor()).isOne();
		assertThat(output()).contains("process " + this.worker.pid() + ", ended with exit code 137");
	}

	private void start(String... options) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
		// Each part is started as this process is, and none runs long.
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(List.of(options));
		command.add("-Djava.io.tmpdir=" + this.temporary);
		command.addAll(List.of("-jar", jar().toString(), "--sample.port=0", "--sample.management-port=" + freePort(),
				"--sample.page-port=0", "--fdbroker.directory=" + this.temporary.resolve("run")));
		this.front = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.temporary.resolve("output").toFile())
			.start();
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.until(() -> !this.front.isAlive()
					|| Stream.of("/health/fdbroker", "serves a page").allMatch(output()::contains));
		this.worker = part("Worker");
		this.page = part("Page");
	}

	private ProcessHandle part(String name) {
		return ProcessHandle.of(Long.parseLong(found(name + "Application .* with PID (\\d+)"))).orElseThrow();
	}

	/**
	 * Have another process serve the page, and return it.
	 */
	private ProcessHandle takeOver() throws Exception {
		String reply = Commands
			.run("curl -s -d {} -H 'Content-Type: application/json' " + found("  (http://\\S+/)\n") + "takeover")
			.output();
		long pid = Long.parseLong(reply.replaceAll("\\D", ""));
		this.page.onExit().get(60, TimeUnit.SECONDS);
		assertThat(this.front.isAlive()).isTrue();
		return ProcessHandle.of(pid).orElseThrow();
	}

	private String found(String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(output());
		assertThat(matcher.find()).describedAs(output()).isTrue();
		return matcher.group(1);
	}

	private static Path jar() throws IOException {
		try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target"),
				"fdbroker-sample-*{SNAPSHOT,[0-9]}.jar")) {
			return jars.iterator().next();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private String printed(String program) {
		return printed(program, "");
	}

	private String printed(String program, String text) {
		return output().lines()
			.filter((line) -> line.startsWith("  " + program + " ") && line.contains(text))
			.findFirst()
			.orElseThrow();
	}

	private String output() {
		try {
			return Files.readString(this.temporary.resolve("output"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
