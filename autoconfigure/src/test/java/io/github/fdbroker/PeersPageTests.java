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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;

import io.github.fdbroker.PeersPage.Example;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference page on peers keeps its word: each example of it is compiled and run,
 * application and peer, and prints what the page says.
 */
@ExtendWith(OutputCaptureExtension.class)
class PeersPageTests {

	private static final List<String> SOURCES = List.of("src/test/java", "../sample/src/test/java");

	/** The functions in C that the peers in C use. */
	private static final String FUNCTIONS = "In C";

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	Path directory;

	@TempDir
	Path classes;

	@BeforeEach
	void writeFiles() throws IOException {
		Files.writeString(this.directory.resolve("report"), "the report\n");
		Files.writeString(this.directory.resolve("notes"), "the notes\n");
	}

	@Test
	void tableWhenReadLeadsToSectionsAndNamesTests() throws IOException {
		PeersPage page = PeersPage.read();
		assertThat(page.rows()).hasSize(14).allSatisfy((row) -> {
			assertThat(page.headings()).contains(row.section());
			assertThat(row.testClasses()).allMatch(PeersPageTests::exists);
		});
	}

	@ParameterizedTest
	@MethodSource
	void exampleWhenRunPrintsWhatPageSays(Example example, CapturedOutput output) throws Exception {
		assumeAvailable(example);
		List<String> expected = new ArrayList<>(example.take("text").lines().toList());
		assertThat(expected).isNotEmpty();
		List<String> peer = peer(example);
		try (JavaSnippet java = new JavaSnippet(this.classes, example.take("java"))) {
			if (example.has("sh")) {
				runStarted(example, peer, expected);
			}
			else {
				run(example, java, peer, expected);
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(output.getOut().lines()).containsAll(expected));
		assertThat(example.blocks()).as("blocks without a use").isEmpty();
	}

	static Stream<Example> exampleWhenRunPrintsWhatPageSays() throws IOException {
		return PeersPage.read().examples().stream().filter((example) -> example.has("java"));
	}

	@Test
	void functionsInCWhenCompiledGiveNoWarning() throws IOException {
		assertThat(compile(functions(), "-c")).isNotEmpty();
	}

	@Test
	void blocksWhenCountedAreAllPartOfExamplesThatRun() throws IOException {
		List<Example> others = new ArrayList<>(PeersPage.read().examples());
		others.removeIf((example) -> example.has("java"));
		assertThat(others).extracting(Example::title).containsExactly(FUNCTIONS);
	}

	/**
	 * Run the application here.
	 */
	private void run(Example example, JavaSnippet java, List<String> peer, List<String> expected) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
			.withBean(java.type())
			.withPropertyValues("fdbroker.directory=" + this.directory)
			.withPropertyValues(properties(example.take("yaml")))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try (PeerProcess process = PeerProcess.start(java.startsPeer() ? List.of("true") : peer)) {
					if (java.call(context.getBean(java.type()),
							List.of(context.getBean(FdBroker.class), context.getBean(FdChildren.class)),
							this.directory)) {
						// Some peers serve until the other side ends.
						context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
					}
					removeLines(process, expected);
				}
			});
	}

	/**
	 * Have the application started in a process of its own, as its users do it.
	 */
	private void runStarted(Example example, List<String> peer, List<String> expected) throws Exception {
		Peers.require("systemd-socket-activate");
		Files.writeString(this.directory.resolve("application.yml"), example.take("yaml"));
		writeJavaCommand();
		try (PeerProcess application = PeerProcess
			.start(inDirectory("sh", "-c", "PATH=\"$PWD:$PATH\"; exec " + example.take("sh")))) {
			application.awaitLine("Listening on ");
			try (PeerProcess process = PeerProcess.start(peer)) {
				removeLines(process, expected);
			}
		}
	}

	/**
	 * Write a command {@code java} that runs the example, whatever its arguments are.
	 */
	private void writeJavaCommand() throws IOException {
		List<String> command = ChildJvm.command(PeersPageApplication.class, this.classes, JavaSnippet.NAME);
		Path script = Files.writeString(this.directory.resolve("java"),
				"#!/bin/sh\nexec '" + String.join("' '", command) + "'\n");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
	}

	/**
	 * Read what the peer prints until it ends, which all has to be expected.
	 */
	private static void removeLines(PeerProcess process, List<String> expected) throws Exception {
		Background<List<String>> output = Background.call(() -> process.readAll().lines().toList());
		Awaitility.await("end of the peer").atMost(PATIENCE).until(output::isDone);
		assertThat(expected).as("what the page says").containsAll(output.get());
		output.get().forEach(expected::remove);
	}

	/**
	 * Return the properties, and a time to wait for peers that a slow machine starts.
	 */
	private static String[] properties(String yaml) {
		YamlPropertiesFactoryBean factory = new YamlPropertiesFactoryBean();
		factory.setResources(new ByteArrayResource(yaml.getBytes()));
		List<String> all = new ArrayList<>();
		factory.getObject().forEach((name, value) -> {
			all.add(name + "=" + value);
			if (name.toString().matches("fdbroker\\.peers\\..*\\.path")) {
				all.add(name.toString().replaceFirst("path$", "connect-timeout=1m"));
			}
		});
		return all.toArray(String[]::new);
	}

	/**
	 * Return the command that runs the peer in the directory of the sockets.
	 */
	private List<String> peer(Example example) throws IOException {
		if (example.has("c")) {
			return inDirectory(compile(functions() + example.take("c")));
		}
		Peers.require("python3");
		return inDirectory("python3",
				Files.writeString(this.directory.resolve("peer"), example.take("python")).toString());
	}

	private List<String> inDirectory(String... command) {
		List<String> whole = new ArrayList<>(
				List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", this.directory.toString()));
		whole.addAll(List.of(command));
		return whole;
	}

	private String compile(String source, String... options) throws IOException {
		Peers.require("gcc");
		Path file = Files.writeString(this.directory.resolve("peer.c"), source);
		Path program = this.directory.resolve("peer");
		List<String> command = new ArrayList<>(
				List.of("gcc", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), file.toString()));
		command.addAll(List.of(options));
		assertThat(Peers.run(command).output()).isEmpty();
		return program.toString();
	}

	private static String functions() throws IOException {
		return PeersPage.read()
			.examples()
			.stream()
			.filter((example) -> example.title().equals(FUNCTIONS))
			.findFirst()
			.orElseThrow()
			.take("c");
	}

	/**
	 * Only one transport knows who sent a datagram.
	 */
	private static void assumeAvailable(Example example) {
		if (example.title().contains("credentials")) {
			Transports.assumeAvailable(TransportMode.NATIVE);
		}
	}

	private static boolean exists(String testClass) {
		return SOURCES.stream().anyMatch((source) -> {
			try (Stream<Path> files = Files.walk(Path.of(source))) {
				return files.anyMatch((file) -> file.endsWith(testClass + ".java"));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

}
