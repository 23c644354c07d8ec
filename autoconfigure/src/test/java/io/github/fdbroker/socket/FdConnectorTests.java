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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdConnector}.
 */
class FdConnectorTests {

	/** No test waits for it. */
	private static final Duration LONG = Duration.ofMinutes(1);

	private static final Duration SHORT = Duration.ofMillis(20);

	@TempDir
	Path directory;

	private SocketPath path;

	@BeforeEach
	void choosePath() {
		this.path = new SocketPath("test", this.directory.resolve("s"));
	}

	@Test
	void dropEarlierWhenMessagesCameBeforeTheConnectionClosesThem() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.DATAGRAM);
		MessageSocketSettings settings = new MessageSocketSettings(SocketType.DATAGRAM, true, Duration.ZERO);
		try (FdConnection forger = FdConnection.of("forger", ends[0], new JunixsocketTransport(), settings,
				Descriptors.self());
				FdConnection connection = FdConnection.of("peer", ends[1], new JunixsocketTransport(), settings,
						Descriptors.self());
				FileInputStream file = new FileInputStream("/dev/null")) {
			for (int i = 0; i < 3; i++) {
				forger.send(ByteBuffer.allocateDirect(8), List.of(file.getFD()));
			}
			FdConnector.dropEarlier(connection);
			assertThat(connection.receive(ByteBuffer.allocateDirect(8), SHORT)).isNull();
		}
	}

	@Test
	void connectWhenOthersCanReplaceTheSocketOfADatagramPeerIsRefused() throws IOException {
		Files.setAttribute(this.directory, "unix:mode", 0777);
		FileDescriptor receiver = Kernel.calls().socket(SocketType.DATAGRAM);
		Kernel.calls().bind(receiver, SocketPath.bytes(this.path.path()));
		FdConnector connector = new FdConnector(this.path, new JunixsocketTransport(), SHORT,
				new MessageSocketSettings(SocketType.DATAGRAM, false, Duration.ZERO));
		assertThatExceptionOfType(FdAccessDeniedException.class).isThrownBy(connector::connect)
			.withMessageContaining(
					"cannot be identified by the owner of its socket file: others may write to " + this.directory);
		Descriptors.close(receiver);
	}

	@Test
	void connectWhenServerComesLaterWaitsForIt() throws Exception {
		FutureTask<FdConnection> connecting = connectLater();
		try (FdServerSocket server = ServerSockets.open(this.path, SocketFileSettings.PRIVATE, 5);
				FdConnection connection = connecting.get(10, TimeUnit.SECONDS)) {
			assertThat(connection.peer()).isEqualTo(Descriptors.self());
			assertThat(connection).hasToString("Connection of peer 'test' with " + Descriptors.self());
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void connectWhenStaleSocketIsReplacedLaterWaitsForThat() throws Exception {
		PeerProcess.startReady(Peers.python("sockets.py", "listen", this.path.path())).close();
		FutureTask<FdConnection> connecting = connectLater();
		try (FdServerSocket server = ServerSockets.open(this.path, SocketFileSettings.PRIVATE, 5);
				FdConnection connection = connecting.get(10, TimeUnit.SECONDS)) {
			assertThat(connection.peer()).isEqualTo(Descriptors.self());
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void connectWhenBacklogIsFullWaitsForRoom() throws Exception {
		try (FdServerSocket server = ServerSockets.open(this.path, SocketFileSettings.PRIVATE, 0);
				FdConnection first = connect(this.path, SHORT)) {
			assertFails(SHORT, "its backlog is full");
			FutureTask<FdConnection> connecting = connectLater();
			server.accept(new JunixsocketTransport(), MessageSocketSettings.stream(Duration.ZERO)).close();
			try (FdConnection second = connecting.get(10, TimeUnit.SECONDS)) {
				assertThat(second.peer()).isEqualTo(first.peer());
			}
		}
	}

	@Test
	void connectWhenNobodyComesGivesUp() {
		assertFails(SHORT, "was not there within 20 ms: there is no such file");
	}

	@Test
	void connectWhenNobodyListensGivesUp() throws IOException {
		PeerProcess.startReady(Peers.python("sockets.py", "listen", this.path.path())).close();
		assertFails(SHORT, "was not there within 20 ms: nobody listens");
	}

	@Test
	void connectWhenLinksLoopFailsAtOnce() throws IOException {
		Files.createSymbolicLink(this.path.path(), this.path.path());
		assertFails(LONG, "cannot be connected to: Too many levels of symbolic links");
	}

	@Test
	void connectWhenForbiddenFailsAtOnce() {
		try (FdServerSocket server = ServerSockets.open(this.path, SocketFileSettings.PRIVATE, 5)) {
			assertThat(Peers.run(OtherUser.command(ChildJvm.command(Connecter.class, this.path.path()))).output())
				.contains("Peer 'test' (" + this.path.path() + ") cannot be connected to: Permission denied");
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void connectWhenInterruptedFails() {
		Thread.currentThread().interrupt();
		assertFails(LONG, "Interrupted while connecting to peer 'test'");
		assertThat(Thread.interrupted()).isTrue();
	}

	private FutureTask<FdConnection> connectLater() {
		FutureTask<FdConnection> connecting = new FutureTask<>(() -> connect(this.path, LONG));
		Thread thread = new Thread(connecting);
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return connecting;
	}

	private void assertFails(Duration timeout, String message) {
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> connect(this.path, timeout))
			.withMessageContaining(message);
	}

	private static FdConnection connect(SocketPath path, Duration timeout) {
		return new FdConnector(path, new JunixsocketTransport(), timeout, MessageSocketSettings.stream(Duration.ZERO))
			.connect();
	}

	/**
	 * Connects, and tells how that went.
	 */
	static final class Connecter {

		private Connecter() {
		}

		public static void main(String[] arguments) {
			try {
				connect(new SocketPath("test", Path.of(arguments[0])), LONG).close();
				System.out.println("connected");
			}
			catch (FdConnectException ex) {
				System.out.println(ex.getMessage());
			}
		}

	}

}
