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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.InetDatagrams;
import io.github.fdbroker.system.JunixsocketCalls;
import io.github.fdbroker.system.SystemCalls;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SystemCalls#socketKind} of each binding and for {@link InetDatagrams},
 * with sockets that another process made and passed.
 */
class SocketKindTests {

	@TempDir
	Path directory;

	private final Map<String, FileDescriptor> sockets = new HashMap<>();

	private FdServerSocket server;

	private PeerProcess owner;

	private FdConnection connection;

	@BeforeEach
	void receiveSockets() throws IOException {
		SocketPath path = new SocketPath("test", this.directory.resolve("kinds"));
		this.server = ServerSockets.open(path, SocketFileSettings.PRIVATE, 5);
		this.owner = PeerProcess.start(Peers.python("sockets.py", "kinds", path.path(), this.directory));
		this.connection = this.server.accept(new JunixsocketTransport(), MessageSocketSettings.stream(Duration.ZERO));
		ByteBuffer name = ByteBuffer.allocateDirect(100);
		Received received = this.connection.receive(name);
		while (!received.isEnd()) {
			this.sockets.put(StandardCharsets.US_ASCII.decode(name.flip()).toString(),
					received.descriptors().get(0).detach());
			received = this.connection.receive(name.clear());
		}
	}

	@AfterEach
	void closeSockets() {
		Descriptors.close(this.sockets.values());
		this.connection.close();
		this.owner.close();
		this.server.close();
	}

	@Test
	void inspectWhenInetTellsStates() throws IOException {
		for (Family family : List.of(Family.INET, Family.INET6)) {
			String tcp = (family == Family.INET) ? "tcp4 " : "tcp6 ";
			String udp = (family == Family.INET) ? "udp4 " : "udp6 ";
			assertKind(tcp + "listening", family, SocketType.STREAM, "listening");
			assertKind(tcp + "pending", family, SocketType.STREAM, "listening");
			assertKind(tcp + "connected", family, SocketType.STREAM, "connected");
			assertKind(tcp + "unconnected", family, SocketType.STREAM, "");
			assertKind(tcp + "bound", family, SocketType.STREAM, "");
			assertKind(udp + "udp bound", family, SocketType.DATAGRAM, "");
			assertKind(udp + "udp connected", family, SocketType.DATAGRAM, "connected");
		}
	}

	@Test
	void inspectWhenUnixStreamTellsStates() throws IOException {
		assertKind("stream unconnected", Family.UNIX, SocketType.STREAM, "");
		assertKind("stream bound", Family.UNIX, SocketType.STREAM, "");
		assertKind("stream pair", Family.UNIX, SocketType.STREAM, "connected");
		assertKind("stream widow", Family.UNIX, SocketType.STREAM, "connected");
		assertKind("stream listening", Family.UNIX, SocketType.STREAM, "listening");
		assertKind("stream pending", Family.UNIX, SocketType.STREAM, "listening");
		assertKind("stream client", Family.UNIX, SocketType.STREAM, "connected");
		assertKind("stream accepted", Family.UNIX, SocketType.STREAM, "connected");
		assertKind("stream pending client", Family.UNIX, SocketType.STREAM, "connected");
	}

	@Test
	void inspectWhenUnixDatagramTellsStates() throws IOException {
		assertKind("dgram unconnected", Family.UNIX, SocketType.DATAGRAM, "");
		assertKind("dgram bound", Family.UNIX, SocketType.DATAGRAM, "");
		assertKind("dgram pair", Family.UNIX, SocketType.DATAGRAM, "connected");
		assertKind("dgram pair's other", Family.UNIX, SocketType.DATAGRAM, "connected");
	}

	@Test
	void inspectWhenSequencedPacketsTellsType() throws IOException {
		assertKind("seqpacket pair", Family.UNIX, SocketType.SEQPACKET, "connected");
		assertKind("seqpacket listening", Family.UNIX, SocketType.SEQPACKET, "listening");
	}

	@Test
	void inspectWhenFamilyIsForeignTellsThat() throws IOException {
		assertThat(kind("other netlink").family()).isEqualTo(Family.OTHER);
		assertThat(kind("other netlink").type()).isNull();
		assertThat(kind("other netlink").listening()).isFalse();
	}

	@Test
	void inspectLeavesPendingConnectionsAlone() throws IOException {
		kind("stream pending");
		FileDescriptor accepted = Descriptors.accept(this.sockets.get("stream pending"));
		assertThat(Descriptors.peerCredentials(accepted).pid()).isEqualTo(this.owner.pid());
		Descriptors.close(accepted);
	}

	@Test
	void addressTellsOwnAndPeers() throws IOException {
		SocketAddress pending = Descriptors.address(this.sockets.get("tcp4 pending"), false);
		assertThat(Descriptors.address(this.sockets.get("tcp4 connected"), true)).isEqualTo(pending);
		assertThat(((InetSocketAddress) Descriptors.address(this.sockets.get("tcp6 connected"), true)).getAddress())
			.isEqualTo(InetAddress.getByName("::1"));
		assertThat(Descriptors.address(this.sockets.get("tcp4 listening"), true)).isNull();
		assertThat(Descriptors.address(this.sockets.get("stream client"), true))
			.isEqualTo(UnixDomainSocketAddress.of(this.directory.resolve("sp")));
		assertThat(Descriptors.address(this.sockets.get("stream client"), false)).isNull();
		assertThat(Descriptors.address(this.sockets.get("other netlink"), false)).isNull();
	}

	@Test
	void datagramsWhenSentCarryAddresses() throws IOException {
		for (String family : List.of("udp4 ", "udp6 ")) {
			FileDescriptor receiver = this.sockets.get(family + "udp bound");
			InetSocketAddress target = (InetSocketAddress) Descriptors.address(receiver, false);
			ByteBuffer data = ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII));
			assertThat(InetDatagrams.send(receiver, data, target)).isEqualTo(5);
			ByteBuffer into = ByteBuffer.allocate(10);
			assertThat(InetDatagrams.receive(receiver, into)).isEqualTo(target);
			assertThat(StandardCharsets.US_ASCII.decode(into.flip()).toString()).isEqualTo("hello");
		}
	}

	@Test
	void datagramWhenLargerThanBufferIsCut() throws IOException {
		FileDescriptor receiver = this.sockets.get("udp4 udp bound");
		InetSocketAddress target = (InetSocketAddress) Descriptors.address(receiver, false);
		InetDatagrams.send(receiver, ByteBuffer.wrap(new byte[100]), target);
		ByteBuffer into = ByteBuffer.allocate(10);
		assertThat(InetDatagrams.receive(receiver, into)).isEqualTo(target);
		assertThat(into.hasRemaining()).isFalse();
	}

	private void assertKind(String name, Family family, SocketType type, String state) throws IOException {
		assertThat(kind(name)).as(name)
			.isEqualTo(new SocketKind(family, type, state.equals("listening"), state.equals("connected")));
	}

	private SocketKind kind(String name) throws IOException {
		SocketKind kind = new JunixsocketCalls().socketKind(this.sockets.get(name));
		if (NativeTransport.unavailable().isEmpty()) {
			assertThat(new NativeTransport().system().socketKind(this.sockets.get(name))).as(name).isEqualTo(kind);
		}
		return kind;
	}

}
