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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process of another user that may not open a file gets it open, for reading, if it
 * knows the password.
 */
class PasswordServerTests {

	@TempDir
	Path directory;

	private Path secret;

	@BeforeEach
	void writeSecret() throws IOException {
		OtherUser.assumeAvailable();
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.secret = Files.writeString(this.directory.resolve("secret"), "the treasure lies under the old oak");
		Files.setPosixFilePermissions(this.secret, PosixFilePermissions.fromString("rw-------"));
	}

	@Test
	void clientInCWhenItKnowsThePasswordReadsFileThatItMayNotOpen() throws IOException {
		List<String> client = client("open=" + this.secret, "ask=sesame?", "ask=sesame!");
		run("apue",
				() -> assertThat(Peers.runAs(OtherUser.ID, client).output().lines()).containsExactly("ready",
						"open: Permission denied", "The password is wrong", "status -1",
						"descriptor: the treasure lies under the old oak", "write: Bad file descriptor", "done"));
	}

	@Test
	void clientInPythonWhenItKnowsThePasswordReadsFileThatItMayNotOpen() {
		run("frame", () -> {
			assertThat(ask("sesame?")).contains("The password is wrong");
			assertThat(ask("sesame!")).contains("the treasure lies under the old oak");
		});
	}

	@Test
	void clientWhenItsUserIsNotAllowedIsRefusedWhateverItKnows() throws IOException {
		List<String> client = client("end");
		application("apue").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(Peers.runAs(OtherUser.ID, client).output()).contains("closed");
		});
	}

	/**
	 * Return the command to run a client where every user can reach it.
	 */
	private List<String> client(String... steps) throws IOException {
		List<String> command = Peers.compiled("apue.c", "connect", this.directory.resolve(TestApplication.SOCKET));
		command.addAll(List.of(steps));
		Path program = this.directory.resolve("client");
		Files.copy(Path.of(command.set(0, program.toString())), program, StandardCopyOption.COPY_ATTRIBUTES);
		return command;
	}

	private String ask(String password) {
		return Peers
			.run(PeerProcess.pythonCommandAs(OtherUser.ID, "fdframe.py", "request",
					this.directory.resolve(TestApplication.SOCKET), "--payload", password))
			.output();
	}

	private void run(String format, Runnable test) {
		application(format).withPropertyValues("fdbroker.sockets.handoff.allow.uids=" + OtherUser.ID).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run();
		});
	}

	private ApplicationContextRunner application(String format) {
		return TestApplication.with(this.directory, Vault.class, new Vault(this.secret))
			.withPropertyValues("fdbroker.sockets.handoff.mode=0666", "fdbroker.sockets.handoff.format=" + format);
	}

	static class Vault {

		private final Path secret;

		Vault(Path secret) {
			this.secret = secret;
		}

		@FdListener(TestApplication.SOCKET)
		FileInputStream open(String password) throws IOException {
			if (!password.equals("sesame!")) {
				throw new IllegalArgumentException("The password is wrong");
			}
			return new FileInputStream(this.secret.toFile());
		}

	}

}
