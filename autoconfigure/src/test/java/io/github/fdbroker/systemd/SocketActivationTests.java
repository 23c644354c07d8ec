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
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.SocketActivate;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that systemd-socket-activate starts.
 */
class SocketActivationTests {

	private static final int EXIT_CODE_OF_SIGTERM = 143;

	/**
	 * Octal digits of the flags in proc(5), fdinfo, of a descriptor with close-on-exec.
	 */
	private static final String CLOSE_ON_EXEC = "flags:\\t02.{6}\\n";

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void socketsWhenActivatedAreServedInjectedOrClosed(boolean opened) throws IOException {
		int port = SocketActivate.freePort();
		Path second = Files.createDirectory(path("second"));
		List<String> program = opened ? ServiceApplication.openedCommand("--fdbroker.sockets.handoff.mode=0600")
				: ServiceApplication.command("--fdbroker.sockets.handoff.mode=0600");
		try (PeerProcess application = SocketActivate.start(4,
				List.of("--listen=" + path("handoff"), "--listen=127.0.0.1:" + port, "--listen=" + path("spare"),
						"--listen=" + second.resolve("handoff"), "--fdname=handoff:http:spare:handoff"),
				program)) {
			try (FdTestClient peer = TestApplication.client(this.directory);
					FdTestClient other = TestApplication.client(second)) {
				assertThat(other.request("echo there")).hasPayload("echo there with 0");
				assertThat(peer.request("echo hello", FileDescriptor.in)).hasPayload("echo hello with 1");
				assertThat(peer.request("flags 3").message().text()).containsPattern(CLOSE_ON_EXEC);
				assertThat(peer.request("flags 4").message().text()).containsPattern(CLOSE_ON_EXEC);
				assertThat(application.awaitLine("is served by")).contains("'handoff' (" + path("handoff") + ")");
				assertThat(application.awaitLine("WARN")).contains("descriptor 5 'spare'",
						"a listening UNIX stream socket", "is closed", "fdbroker.sockets.spare",
						"@Qualifier(\"spare\")");
				Awaitility.await().until(() -> !isListening(path("spare")));
			}
			String type = opened ? "ServerSocketChannelImpl" : "PortableServerSocketChannel";
			assertThat(SocketActivate.readAll(port)).isEqualTo("welcome from " + type + "\n");
			assertThat(application.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
			assertThat(path("handoff")).exists();
			assertThat(application.readAll()).doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void connectionWhenPassedForItselfIsServedUntilItEnds() {
		try (PeerProcess manager = SocketActivate.start(1,
				List.of("--accept", "--listen=" + path("handoff"), "--fdname=handoff"),
				ServiceApplication.command("--fdbroker.sockets.handoff.mode=0600"))) {
			try (FdTestClient peer = TestApplication.client(this.directory)) {
				assertThat(peer.request("echo hello")).hasPayload("echo hello with 0");
			}
			manager.awaitLine("has ended; no other can be accepted");
			manager.awaitLine("died with code 0");
		}
	}

	@Test
	void socketsWhenPassedToAnotherProcessAreNone() throws IOException {
		try (PeerProcess application = SocketActivate.start(1,
				List.of("--listen=" + path("other"), "--fdname=handoff", "sh", "-c", "\"$@\"; exit", "sh"),
				ServiceApplication.command("--fdbroker.sockets.handoff.path=" + path("handoff")))) {
			try (SocketChannel activation = SocketChannel.open(UnixDomainSocketAddress.of(path("other")))) {
				application.awaitLine("is served by");
			}
			try (FdTestClient peer = TestApplication.client(this.directory)) {
				assertThat(peer.request("echo hello")).hasPayload("echo hello with 0");
			}
			ProcessHandle.of(application.pid()).orElseThrow().children().forEach(ProcessHandle::destroy);
			application.awaitExit();
			assertThat(path("handoff")).doesNotExist();
		}
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	/**
	 * Only the application has the sockets.
	 */
	private static boolean isListening(Path path) {
		try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
