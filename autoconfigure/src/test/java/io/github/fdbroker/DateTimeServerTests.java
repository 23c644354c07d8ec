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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One process accepts TCP connections and passes them to another, which writes the date
 * and time: each half in Java, with the other one in C.
 */
class DateTimeServerTests {

	private static final String DATE_TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*";

	@TempDir
	Path directory;

	@Test
	void listenerWhenMainServerPassesConnectionsAndClosesItsCopiesRepliesTheClients() {
		Clock clock = new Clock();
		TestApplication.with(this.directory, Clock.class, clock)
			.withPropertyValues("fdbroker.sockets.handoff.format=raw")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try (PeerProcess server = start("connect", "pass=3", "end")) {
					assertThat(server.readLine()).isEqualTo("ready");
					int port = Integer.parseInt(server.readLine());
					for (int i = 0; i < 3; i++) {
						try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
							assertThat(server.readLine()).isEqualTo("passed and closed");
							clock.proceed.countDown();
							assertThat(read(client)).matches(DATE_TIME + ", says Java\n");
						}
					}
				}
			});
	}

	@Test
	@Tag("jdk-channels")
	void brokerWhenItHandsConnectionsOverClosesItsCopiesAndClientsAreAnswered() {
		application().withPropertyValues("fdbroker.peers.handoff.connect-timeout=1m").run((context) -> {
			assertThat(context).hasNotFailed();
			FdBroker broker = context.getBean(FdBroker.class);
			try (PeerProcess second = start("listen", "reply");
					ServerSocketChannel server = ServerSocketChannel.open()
						.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
				assertThat(second.readLine()).isEqualTo("ready");
				for (int i = 0; i < 3; i++) {
					try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
							SocketChannel accepted = server.accept()) {
						broker.to("handoff").descriptor(accepted).handOver();
						assertThat(accepted.isOpen()).isFalse();
						assertThat(read(client)).matches(DATE_TIME + ", says C\n");
					}
				}
			}
		});
	}

	private ApplicationContextRunner application() {
		return TestApplication.withoutListener(this.directory).withPropertyValues("fdbroker.peers.handoff.format=raw");
	}

	private PeerProcess start(String side, String... steps) {
		List<String> command = Peers.compiled("datetime.c", side, this.directory.resolve(TestApplication.SOCKET));
		command.addAll(List.of(steps));
		return PeerProcess.start(command);
	}

	/**
	 * Read until the one who replies closes.
	 */
	private static String read(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	/**
	 * Replies once the other side has closed its copy of the first connection.
	 */
	static class Clock {

		private final CountDownLatch proceed = new CountDownLatch(1);

		@FdListener(TestApplication.SOCKET)
		void reply(SocketChannel client) throws Exception {
			assertThat(this.proceed.await(20, TimeUnit.SECONDS)).isTrue();
			client.write(StandardCharsets.US_ASCII.encode(Instant.now() + ", says Java\n"));
		}

	}

}
