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

package io.github.fdbroker.child;

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A child that is an open server, and one that is the client of one.
 */
class OpenServerChildTests {

	@TempDir
	Path directory;

	@Test
	void requestWhenChildOpensFilesGetsThemAndErrors() {
		with((children) -> {
			Path file = Files.writeString(this.directory.resolve("file"), "content");
			try (FdChild child = children.start("opener", command("open"))) {
				for (int i = 0; i < 3; i++) {
					try (FileInputStream opened = child.message()
						.payload(file.toString())
						.requestDescriptor(FileInputStream.class)) {
						assertThat(opened.readAllBytes()).asString().isEqualTo("content");
					}
					assertThatExceptionOfType(FdRemoteException.class)
						.isThrownBy(() -> child.message().payload("/no/such/file").request())
						.withMessageContaining("No such file or directory");
				}
			}
		});
	}

	@Test
	void handlerWhenChildAsksForFileGivesItOrAnError() {
		with((children) -> {
			Path file = Files.writeString(this.directory.resolve("file"), "content");
			FdMessageHandler handler = (message,
					sender) -> OutgoingFdMessage.builder().descriptor(new FileInputStream(message.text())).build();
			try (FdChild child = children.start("opener", command("recv", file), handler);
					InputStream output = child.process().getInputStream()) {
				assertThat(output.readAllBytes()).asString().isEqualTo("content\n");
			}
			try (FdChild child = children.start("opener", command("recv", "/no/such/file"), handler);
					InputStream output = child.process().getInputStream()) {
				assertThat(output.readAllBytes()).asString().contains("/no/such/file (No such file or directory)");
			}
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			\\0\\0        | Received the status 0 with 0 descriptors instead of one
			text        | after 4 bytes of it; expected a NUL and a status byte
			no\\0\\1more  | 4 bytes follow the status, which ends a reply
			""")
	void requestWhenReplyBreaksTheRulesFailsWithWhatWasExpected(String reply, String message) {
		Peers.require("python3");
		ProcessBuilder command = new ProcessBuilder("python3", "-c",
				"import socket; s = socket.socket(fileno=0); s.recv(100); s.send(b'" + reply + "')");
		with((children) -> {
			try (FdChild child = children.start("opener", command)) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("open /etc/hosts").request())
					.withMessageContaining("child 'opener', process " + child.process().pid())
					.withMessageContaining(message);
				Awaitility.await().until(() -> !child.isOpen());
			}
		});
	}

	private static ProcessBuilder command(Object... arguments) {
		return new ProcessBuilder(Peers.python("child.py", arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	private void with(Children.Use use) {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.children.opener.format=apue")
			.run((context) -> use.accept(context.getBean(FdChildren.class)));
	}

}
