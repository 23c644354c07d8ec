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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.ContainerCounters;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The format apue on sockets that keep messages, with a peer in Python.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApueMessageTests {

	@TempDir
	Path directory;

	private Path file;

	static Stream<Arguments> transportsAndTypes() {
		return Stream.of(TransportMode.NATIVE, TransportMode.JUNIXSOCKET)
			.flatMap((transport) -> Stream.of("seqpacket", "datagram").map((type) -> Arguments.of(transport, type)));
	}

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("file"), "content");
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void listenerWhenAskedRepliesEachRequestWithOneMessage(TransportMode transport, String type) {
		listen(transport, type, (client, counters) -> {
			client.writeLine("open~");
			assertThat(client.readLine()).isEqualTo("~~content");
			client.writeLine("deny~open~");
			assertThat(client.readLine()).isEqualTo("denied|~1");
			assertThat(client.readLine()).isEqualTo("~~content");
		});
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void listenerWhenMessageEndsWithinRequestDoesNotLetTheNextMessageCompleteIt(TransportMode transport, String type,
			CapturedOutput output) {
		listen(transport, type, (client, counters) -> {
			client.writeLine("open~op");
			awaitRefusal(counters, RejectionReason.MALFORMED);
		});
		assertThat(output).contains(origin(type))
			.contains("Received an incomplete message on a socket that preserves message boundaries");
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void listenerWhenMessageIsEmptyOrHasDescriptorRefusesIt(TransportMode transport, String type,
			CapturedOutput output) {
		for (String message : new String[] { "", "+open~" }) {
			listen(transport, type, (client, counters) -> {
				client.writeLine(message);
				awaitRefusal(counters, RejectionReason.MALFORMED);
			});
		}
		assertThat(output).contains(origin(type))
			.contains("Received an incomplete message")
			.contains("Received 1 descriptors with a request");
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void listenerWhenMessageIsTooLongNamesPeerAndProperty(TransportMode transport, String type, CapturedOutput output) {
		listen(transport, type, (client, counters) -> {
			client.writeLine("x".repeat(100) + "~");
			awaitRefusal(counters, RejectionReason.LIMIT_EXCEEDED);
		});
		assertThat(output).contains(origin(type)).contains("see fdbroker.sockets.handoff.max-message-size");
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void brokerWhenItAsksGetsDescriptorOrStatus(TransportMode transport, String type) {
		ask(transport, type, (broker) -> {
			for (int i = 0; i < 2; i++) {
				try (FileInputStream stream = broker.to("handoff")
					.payload("open")
					.requestDescriptor(FileInputStream.class)) {
					assertThat(stream.readAllBytes()).asString().isEqualTo("content");
				}
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").payload("deny").request())
					.withMessageContaining("denied")
					.extracting(FdRemoteException::getStatus)
					.isEqualTo(-7);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void brokerWhenReplyIsNoStatusThrowsWhoSentItAndAsksAnew(TransportMode transport, String type) {
		ask(transport, type, (broker) -> {
			assertThatExceptionOfType(FdProtocolException.class)
				.isThrownBy(() -> broker.to("handoff").payload("what?").request())
				.withMessageContaining("peer 'handoff'")
				.withMessageContaining("Received an incomplete message");
			broker.to("handoff").payload("open").request().close();
		});
	}

	private static void awaitRefusal(ContainerCounters counters, RejectionReason refusal) {
		Awaitility.await().untilAsserted(() -> assertThat(counters.refusals(refusal)).isOne());
	}

	/**
	 * Return how messages call the one who sent.
	 */
	private String origin(String type) {
		return type.equals("seqpacket") ? "Connection of socket 'handoff' with pid"
				: this.directory.resolve(TestApplication.SOCKET) + ") refuses a message from";
	}

	private void listen(TransportMode transport, String type, ClientTest test) {
		configure(TestApplication.with(this.directory, Server.class, new Server(this.file)), transport, type)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Path own = this.directory.resolve("own");
				Files.deleteIfExists(own);
				try (PeerProcess client = PeerProcess.python("statuses.py", "connect", type,
						this.directory.resolve(TestApplication.SOCKET), own, this.file)) {
					test.run(client,
							context.getBean(FdListenerRegistry.class).containers().iterator().next().counters());
				}
			});
	}

	private void ask(TransportMode transport, String type, BrokerTest test) {
		configure(TestApplication.withoutListener(this.directory), transport, type).run((context) -> {
			try (PeerProcess server = PeerProcess.python("statuses.py", "serve", type,
					this.directory.resolve(TestApplication.SOCKET), this.file)) {
				test.run(context.getBean(FdBroker.class));
				assertThat(server.pid()).isPositive();
			}
		});
	}

	private static ApplicationContextRunner configure(ApplicationContextRunner runner, TransportMode transport,
			String type) {
		Transports.assumeAvailable(transport);
		return runner.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=" + type,
				"fdbroker.peers.handoff.type=" + type, "fdbroker.sockets.handoff.format=apue",
				"fdbroker.peers.handoff.format=apue", "fdbroker.sockets.handoff.max-message-size=100B");
	}

	interface ClientTest {

		void run(PeerProcess client, ContainerCounters counters) throws Exception;

	}

	interface BrokerTest {

		void run(FdBroker broker) throws Exception;

	}

	static class Server {

		private final Path file;

		Server(Path file) {
			this.file = file;
		}

		@FdListener(TestApplication.SOCKET)
		FileInputStream open(String request) throws IOException {
			if (request.equals("deny")) {
				throw new IllegalArgumentException("denied");
			}
			return new FileInputStream(this.file.toFile());
		}

	}

}
