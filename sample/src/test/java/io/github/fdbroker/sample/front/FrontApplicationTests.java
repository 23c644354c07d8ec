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

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The front in this process, and the worker that it starts.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		args = { "--sample.port=0", "--sample.management-port=0", "--sample.page-port=0",
				"--fdbroker.sockets.vault.path=vault", "--fdbroker.sockets.vault.mode=rw-rw-rw-",
				"--fdbroker.sockets.vault.allow.users=${user.name},65534" })
@DirtiesContext
class FrontApplicationTests {

	private static final String SECRET = "the treasure lies under the old oak";

	/** The first one on the path may be out of reach for other users. */
	private static final String PYTHON = "/usr/bin/python3";

	@TempDir
	static Path directory;

	@Autowired
	DateTimeServer server;

	@Autowired
	FdBroker broker;

	@DynamicPropertySource
	static void useDirectory(DynamicPropertyRegistry registry) {
		registry.add("fdbroker.directory", () -> directory.toString());
	}

	@BeforeAll
	static void letOtherUsersReachSockets() throws IOException {
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
	}

	@Test
	void connectionWhenHandedOverIsAnsweredByWorker() {
		String reply = exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(reply).startsWith("HTTP/1.0 200 OK\r\n");
		assertThat(ProcessHandle.current().children().map(ProcessHandle::pid))
			.contains(Long.valueOf(reply.substring(reply.lastIndexOf(' ') + 1).strip()));
	}

	@Test
	void connectionWhenClientSaysNothingIsAnswered() {
		assertThat(exchange("")).contains("GMT, says process");
	}

	@Test
	void connectionsWhenManyAtOnceAreAllAnsweredAndNoneReset() {
		assertThat(IntStream.range(0, 300).parallel().mapToObj((i) -> exchange("GET /" + i + " HTTP/1.1\r\n\r\n")))
			.hasSize(300)
			.allSatisfy((reply) -> assertThat(reply).contains("says process"));
	}

	@Test
	void vaultWhenPasswordIsRightLendsFileForReading() throws IOException {
		try (FdMessage reply = this.broker.to("vault").payload("open sesame").request();
				FileInputStream file = reply.descriptor(0).dup().into(FileInputStream.class)) {
			assertThat(reply.descriptor(0).kind().access()).isEqualTo(FdKind.Access.READ);
			assertThat(file).hasContent(SECRET);
		}
	}

	@Test
	void vaultWhenPasswordIsWrongStaysClosed() {
		assertThatExceptionOfType(FdConnectException.class)
			.isThrownBy(() -> this.broker.to("vault").payload("open barley").requestDescriptor(FileInputStream.class))
			.withMessageContaining("closed by the peer before it replied");
	}

	@Test
	void vaultWhenPeerIsAnotherUserLendsFileThatItCannotOpen() throws Exception {
		assertThat(peer("open sesame")).isEqualTo(
				new Commands.Result(0, "read: " + SECRET + "\nwrite: Bad file descriptor\nopen: Permission denied\n"));
	}

	@Test
	void vaultWhenPeerIsAnotherUserWithWrongPasswordStaysClosed() throws Exception {
		assertThat(peer("open barley")).isEqualTo(new Commands.Result(1, "the vault stays closed\n"));
	}

	/**
	 * The script is read from standard input, as its directory may be closed to the user.
	 */
	private static Commands.Result peer(String password) throws Exception {
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
				"only root can act as another user");
		Commands.require("setpriv");
		Commands.require(PYTHON);
		return Commands.run(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", PYTHON, "-",
				directory.resolve("vault").toString(), password), new File("src/test/peers/vault.py"));
	}

	private String exchange(String request) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
