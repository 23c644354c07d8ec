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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.messaging.handler.annotation.Header;

import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Peers.Result;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Python process, written from the reference page on the wire format alone, passes
 * descriptors to annotated methods and gets descriptors back.
 */
class PythonPeerTests {

	@TempDir
	Path directory;

	@Test
	void listenerWhenPythonSendsFilesReceivesThemByName() throws IOException {
		Path first = Files.writeString(this.directory.resolve("first"), "one");
		Path second = Files.writeString(this.directory.resolve("second"), "two");
		Result result = run(new NamedFiles(), "request", "--payload", "hello", "--header", "who=python", "a=" + first,
				"b=" + second);
		assertThat(result.output()).startsWith("reply hello from python: two, one");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void listenerWhenPythonSendsPipeWritesIntoIt() {
		Result result = run(new PipeWriter(), "pipe", "--payload", "greeting");
		assertThat(result.output()).contains("written by Java for greeting").contains("reply done");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void listenerWhenPythonSendsTcpConnectionRepliesItsClient() {
		Result result = run(new TcpGreeter(), "tcp");
		assertThat(result.output()).contains("hello over TCP");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void listenerWhenItReturnsStreamPythonGetsDescriptor() {
		Result result = run(new FileLender(this.directory), "request", "--payload", "lend.txt");
		assertThat(result.output()).contains("fd - ").contains("lent by Java");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void listenerWhenItThrowsPythonGetsErrorAndNoStackTrace() {
		Result result = run(new FileLender(this.directory), "request", "--payload", "missing.txt");
		assertThat(result.output()).contains("java.io.FileNotFoundException", "missing.txt").doesNotContain("\tat ");
		assertThat(result.exitCode()).isOne();
	}

	private <T> Result run(T listener, String command, String... arguments) {
		Result[] result = new Result[1];
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		TestApplication.with(this.directory, type, listener).run((context) -> {
			assertThat(context).hasNotFailed();
			Object[] whole = new Object[arguments.length + 2];
			whole[0] = command;
			whole[1] = this.directory.resolve(TestApplication.SOCKET);
			System.arraycopy(arguments, 0, whole, 2, arguments.length);
			result[0] = Peers.runPython("fdframe.py", whole);
		});
		return result[0];
	}

	static class NamedFiles {

		@FdListener(TestApplication.SOCKET)
		String handle(@Fd("b") FileInputStream second, String payload, @Header("who") String who, FileInputStream first)
				throws IOException {
			return payload + " from " + who + ": " + read(second) + ", " + read(first);
		}

		private static String read(FileInputStream stream) throws IOException {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}

	}

	static class PipeWriter {

		@FdListener(TestApplication.SOCKET)
		String handle(OutputStream pipe, String payload) throws IOException {
			pipe.write(("written by Java for " + payload).getBytes(StandardCharsets.UTF_8));
			return "done";
		}

	}

	static class TcpGreeter {

		@FdListener(TestApplication.SOCKET)
		void handle(SocketChannel connection) throws IOException {
			connection.write(ByteBuffer.wrap("hello over TCP\n".getBytes(StandardCharsets.UTF_8)));
		}

	}

	static class FileLender {

		private final Path directory;

		FileLender(Path directory) {
			this.directory = directory;
		}

		@FdListener(TestApplication.SOCKET)
		FileInputStream handle(String name) throws IOException {
			if (name.startsWith("lend")) {
				Files.writeString(this.directory.resolve(name), "lent by Java");
			}
			return new FileInputStream(this.directory.resolve(name).toFile());
		}

	}

}
