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

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Descriptors that take as long to close as a peer likes: others are served while all of
 * them hang, and nothing is left when the peer is gone.
 */
class HangingCloseTests {

	private static final int COUNT = 64;

	private static final int PLAIN = 3000;

	private static final int HELD = 8;

	@TempDir
	Path directory;

	@EachTransport
	void datagramsWhenWhatTheyLeaveHangsAreServed(TransportMode transport) {
		PacketApplication application = new PacketApplication(this.directory, "datagram");
		application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.peers.handoff.path=" + application.socket())
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (PeerProcess peer = PeerProcess.python("linger.py", "datagram", application.socket(), COUNT)) {
					for (int i = 0; i < 10; i++) {
						assertThat(broker.to("handoff").payload("next").requestPayload(String.class))
							.isEqualTo("next!");
					}
					assertThat(closer(context).pending()).isGreaterThanOrEqualTo(COUNT);
					peer.kill();
				}
				awaitNone(context);
			});
	}

	/**
	 * Where the kernel can, it keeps further descriptors from the socket until these are
	 * closed.
	 */
	@EachTransport
	void datagramsWhenMoreHangsThanMayBeHeldAreServed(TransportMode transport) {
		PacketApplication application = new PacketApplication(this.directory, "datagram");
		application.with(transport, new PacketApplication.Echo())
			.withPropertyValues("fdbroker.peers.handoff.path=" + application.socket(),
					"fdbroker.held-descriptors.total=" + HELD)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (PeerProcess peer = PeerProcess.python("linger.py", "datagram", application.socket(), HELD + 1)) {
					for (int i = 0; i < 10; i++) {
						assertThat(broker.to("handoff").payload("next").requestPayload(String.class))
							.isEqualTo("next!");
					}
					assertThat(closer(context).pending()).isGreaterThan(HELD);
					assertThat(takesDescriptors(application)).isEqualTo(transport == TransportMode.JUNIXSOCKET);
					peer.kill();
				}
				awaitNone(context);
				Awaitility.await().until(() -> takesDescriptors(application));
			});
	}

	private static boolean takesDescriptors(PacketApplication application) {
		try (FdDatagramSocket sender = FdDatagramSocket.open("test", TransportMode.AUTO.select(), Duration.ZERO)) {
			sender.send(ByteBuffer.allocateDirect(1), List.of(FileDescriptor.in),
					UnixAddress.of(application.socket().toString()));
			return true;
		}
		catch (FdAccessDeniedException ex) {
			return false;
		}
	}

	@EachTransport
	void datagramsWhenChannelsThatListenerLeftOpenHangAreServed(TransportMode transport) {
		PacketApplication application = new PacketApplication(this.directory, "datagram");
		application.with(transport, new Channels())
			.withPropertyValues("fdbroker.peers.handoff.path=" + application.socket())
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (PeerProcess peer = PeerProcess.python("linger.py", "datagram", application.socket(), 4)) {
					assertThat(broker.to("handoff").payload("next").requestPayload(String.class)).isEqualTo("next");
					assertThat(closer(context).pending()).isEqualTo(4);
					peer.kill();
				}
				awaitNone(context);
			});
	}

	@Test
	void connectionsWhenThoseOfStrangerHangAreServed() {
		TestApplication.with(this.directory, Listener.class, new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.mode=0666")
			.run((context) -> {
				Path socket = this.directory.resolve(TestApplication.SOCKET);
				try (PeerProcess peer = PeerProcess
					.startReady(OtherUser.command(Peers.python("linger.py", "stream", socket, COUNT, PLAIN)))) {
					assertServed();
					assertThat(closer(context).pending()).isPositive();
					Awaitility.await()
						.until(() -> PacketApplication.refusals(context, RejectionReason.NOT_ALLOWED) >= COUNT + PLAIN);
					assertServed();
					peer.kill();
				}
				awaitNone(context);
			});
	}

	@Test
	void connectionsWhenWhatOthersSentHangsAreServedAndThoseKeepTheirPlaces() {
		TestApplication.with(this.directory, Listener.class, new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.max-connections-per-user=200")
			.run((context) -> {
				Path socket = this.directory.resolve(TestApplication.SOCKET);
				try (PeerProcess peer = PeerProcess.python("linger.py", "stream", socket, COUNT)) {
					Awaitility.await()
						.until(() -> PacketApplication.refusals(context, RejectionReason.MALFORMED) >= COUNT);
					assertServed();
					assertThat(PacketApplication.connections(context)).isGreaterThanOrEqualTo(COUNT);
					peer.kill();
				}
				Awaitility.await().until(() -> PacketApplication.connections(context) == 0);
			});
	}

	private void assertServed() {
		for (int i = 0; i < 10; i++) {
			try (FdTestClient healthy = TestApplication.client(this.directory)) {
				assertThat(healthy.request("hello")).hasPayload("hello");
			}
		}
	}

	private static Closer closer(AssertableApplicationContext context) {
		return context.getBean(Closer.class);
	}

	private static void awaitNone(AssertableApplicationContext context) {
		Awaitility.await().until(() -> closer(context).pending() == 0);
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			return payload;
		}

	}

	static class Channels {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload, @Nullable SocketChannel channel) {
			return payload;
		}

	}

}
