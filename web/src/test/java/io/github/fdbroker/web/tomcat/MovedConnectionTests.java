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

package io.github.fdbroker.web.tomcat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Connections of HTTP/1.1 that move from one Tomcat to another and back.
 */
@ExtendWith(FdLedger.class)
@Timeout(120)
class MovedConnectionTests {

	private static final int CLIENTS = 3;

	private static final int MOVES = 300;

	@Test
	void requestsWhenConnectionsMoveBackAndForthAreEachServedOnce() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			try (KeepAliveClients clients = new KeepAliveClients(CLIENTS, a.address())) {
				Awaitility.await().until(() -> a.protocol().connections() == CLIENTS);
				a.stopAccepting();
				b.stopAccepting();
				int moved = 0;
				while (moved < MOVES && clients.areRunning()) {
					moved += a.moveTo(b) + b.moveTo(a);
				}
				int sent = clients.end();
				assertThat(a.requests() + b.requests()).isEqualTo(sent);
				assertThat(b.requests()).isPositive();
			}
			awaitNoConnection(a);
			awaitNoConnection(b);
		}
	}

	@Test
	void connectionWhenItHasSentNothingYetMoves() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			try (KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
				move(1, a, b);
				assertThat(client.exchange()).isEqualTo("b");
			}
			awaitNoConnection(b);
		}
	}

	@Test
	void connectionWhenMovedIsIdleAndEndsAfterKeepAliveTimeoutOfNewServer() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			b.protocol().setKeepAliveTimeout(100);
			try (KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
				client.exchange();
				move(1, a, b);
				assertThat(b.protocol().busyConnections()).isZero();
				client.awaitEnd();
			}
			awaitNoConnection(b);
		}
	}

	@Test
	void connectionWhenResponseIsUnfinishedMovesAfterIt() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			try (KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
				client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nab");
				Awaitility.await().until(() -> a.requests() == 1);
				a.stopAccepting();
				assertThat(a.moveTo(b)).isZero();
				client.send("c");
				client.receive();
				move(1, a, b);
				assertThat(client.exchange()).isEqualTo("b");
			}
			awaitNoConnection(a);
			awaitNoConnection(b);
		}
	}

	@Test
	void connectionWhenPutBackAndNothingMovesAnyMoreEndsWithNextResponse() throws Exception {
		try (MovingServer a = new MovingServer("a"); KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
			client.exchange();
			a.stopAccepting();
			Awaitility.await().until(() -> a.moveTo(a) == 1);
			assertThat(client.exchange()).isEqualTo("a");
			a.protocol().letIdleMove(false);
			client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(client.receive()).contains("Connection: close");
			client.awaitEnd();
			awaitNoConnection(a);
		}
	}

	@Test
	void connectionsWhenThereAreAsManyAsAllowedMoveAllTheSame() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			b.protocol().setMaxConnections(3);
			List<KeepAliveClient> clients = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				clients.add(new KeepAliveClient(a.address(), i));
			}
			move(10, a, b);
			for (KeepAliveClient client : clients) {
				assertThat(client.exchange()).isEqualTo("b");
				client.close();
			}
			awaitNoConnection(b);
			try (KeepAliveClient client = new KeepAliveClient(b.address(), 0)) {
				assertThat(client.exchange()).isEqualTo("b");
			}
			awaitNoConnection(b);
		}
	}

	@Test
	void connectionWhenServerIsStoppedIsRefusedAndClosed() throws Exception {
		MovingServer b = new MovingServer("b");
		b.close();
		try (MovingServer a = new MovingServer("a"); KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
			client.exchange();
			assertThatIllegalStateException().isThrownBy(() -> move(1, a, b)).withMessageContaining("does not run");
			client.awaitEnd();
		}
	}

	@Test
	void descriptorWhenItIsNoTcpConnectionIsRefusedAndClosed(@TempDir Path directory) throws Exception {
		try (MovingServer a = new MovingServer("a");
				ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
					.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				OwnedFd unix = MovingServer.duplicate(client);
				OwnedFd listening = a.listening()) {
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> a.protocol().adopt(unix))
				.withMessageContaining("needs a TCP connection");
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> a.protocol().adopt(listening));
			assertThat(unix.isOpen()).isFalse();
			assertThat(listening.isOpen()).isFalse();
		}
	}

	/**
	 * Move connections as soon as they are idle.
	 */
	private static void move(int count, MovingServer from, MovingServer to) {
		Awaitility.await().until(() -> from.protocol().connections() == count);
		from.stopAccepting();
		AtomicInteger moved = new AtomicInteger();
		Awaitility.await().until(() -> moved.addAndGet(from.moveTo(to)) == count);
	}

	private static void awaitNoConnection(MovingServer server) {
		Awaitility.await().until(() -> server.protocol().connections() + server.counted() == 0);
	}

}
