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

package io.github.fdbroker.systemd;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.SocketActivate;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is started as inetd starts programs: with the connection (nowait)
 * or the listening socket (wait) as its standard input and output.
 */
class InetdTests {

	private static final int EXIT_CODE_OF_SIGTERM = 143;

	private static final String GREETING = "process \\d+ true 0, input -1\n";

	@TempDir
	Path directory;

	@Test
	void tcpConnectionWhenDescriptorZeroGoesToMethodAndNothingElseToClient() {
		int port = SocketActivate.freePort();
		try (PeerProcess inetd = SocketActivate.start(1, List.of("--inetd", "--accept", "--listen=127.0.0.1:" + port),
				tcp())) {
			assertThat(SocketActivate.readAll(port)).matches(GREETING);
			inetd.awaitLine("This is not for the client");
			inetd.awaitLine("has ended; no other can be accepted");
			inetd.awaitLine("died with code 0");
		}
	}

	@Test
	void tcpListenerWhenDescriptorZeroIsAcceptedOn() {
		int port = SocketActivate.freePort();
		try (PeerProcess application = SocketActivate.start(1, List.of("--inetd", "--listen=127.0.0.1:" + port),
				tcp())) {
			String greeting = SocketActivate.readAll(port);
			assertThat(greeting).matches(GREETING);
			assertThat(SocketActivate.readAll(port)).isEqualTo(greeting);
			assertThat(application.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
			assertThat(application.readAll()).contains("This is not for the client", "'tcp' (/dev/fd/0) is served by")
				.doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void udpSocketWhenDescriptorZeroGoesToMethod() throws IOException {
		int port = SocketActivate.freePort();
		try (PeerProcess application = SocketActivate.start(1,
				List.of("--inetd", "--datagram", "--listen=127.0.0.1:" + port), tcp());
				DatagramSocket client = new DatagramSocket()) {
			byte[] question = "hello".getBytes(StandardCharsets.US_ASCII);
			client.connect(InetAddress.getLoopbackAddress(), port);
			client.send(new DatagramPacket(question, question.length));
			DatagramPacket reply = new DatagramPacket(new byte[10], 10);
			client.receive(reply);
			assertThat(reply.getLength()).isEqualTo(question.length);
			application.awaitLine("has ended; no other can be accepted");
			assertThat(application.awaitExit()).isZero();
		}
	}

	@Test
	void unixConnectionWhenDescriptorZeroIsServedUntilItEnds() {
		// Virtual threads, if available, do not end the application early.
		try (PeerProcess inetd = SocketActivate.start(1, List.of("--inetd", "--accept", "--listen=" + path()),
				ServiceApplication.command("--fdbroker.sockets.handoff.descriptor=0",
						"--spring.threads.virtual.enabled=true"))) {
			try (FdTestClient peer = TestApplication.client(this.directory)) {
				assertThat(peer.request("echo hello", FileDescriptor.in)).hasPayload("echo hello with 1");
				assertThat(peer.request("target 0")).hasPayload("/dev/null");
				assertThat(peer.request("target 1").message().text()).startsWith("pipe:");
			}
			inetd.awaitLine("has ended; no other can be accepted");
			inetd.awaitLine("died with code 0");
		}
	}

	@Test
	void unixConnectionWhenPeerIsNotAllowedIsRefused() {
		try (PeerProcess inetd = SocketActivate.start(1, List.of("--inetd", "--accept", "--listen=" + path()),
				ServiceApplication.command("--fdbroker.sockets.handoff.descriptor=0",
						"--fdbroker.sockets.handoff.allow.uids=4711"))) {
			try (FdTestClient peer = TestApplication.client(this.directory)) {
				assertThat(peer.request("hello")).isClosed();
			}
			assertThat(inetd.awaitLine("is refused")).contains("fdbroker.sockets.handoff.allow");
			inetd.awaitLine("died with code 0");
		}
	}

	@Test
	void unixListenerWhenDescriptorZeroIsAcceptedOn() {
		try (PeerProcess application = SocketActivate.start(1, List.of("--inetd", "--listen=" + path()),
				ServiceApplication.command("--fdbroker.sockets.handoff.descriptor=0"))) {
			for (int i = 0; i < 2; i++) {
				try (FdTestClient peer = TestApplication.client(this.directory)) {
					assertThat(peer.request("echo hello")).hasPayload("echo hello with 0");
				}
			}
			assertThat(application.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
			assertThat(path()).exists();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "datagram", "seqpacket" })
	void unixSocketWhenOfAnotherTypeFailsStartAndSaysWhichIsNeeded(String type) {
		try (PeerProcess application = SocketActivate.start(1, List.of("--inetd", "--" + type, "--listen=" + path()),
				ServiceApplication.command("--fdbroker.sockets.handoff.descriptor=0"))) {
			Peers.runCompiled("messages.c", "send", type, "-", path(), "x");
			assertThat(application.awaitExit()).isOne();
			assertThat(application.readAll()).contains("APPLICATION FAILED TO START",
					"Descriptor 0, which socket 'handoff' is to be served on",
					"but a listening or connected stream socket is required");
		}
	}

	@Test
	void descriptorWhenNoSocketFailsStartWithNameOfProperty() {
		try (PeerProcess application = PeerProcess
			.start(ServiceApplication.command("--fdbroker.sockets.handoff.descriptor=0"))) {
			assertThat(application.awaitExit()).isOne();
			assertThat(application.readAll()).contains("APPLICATION FAILED TO START",
					"fdbroker.sockets.handoff.descriptor", "Descriptor 0 is not a socket");
		}
	}

	private Path path() {
		return this.directory.resolve("handoff");
	}

	private static List<String> tcp() {
		return ServiceApplication.command("--spring.profiles.active=tcp", "--fdbroker.sockets.tcp.descriptor=0");
	}

}
