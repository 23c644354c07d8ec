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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Peers in C that pass descriptors by {@code send_fd}, {@code send_err} and
 * {@code recv_fd}: clients and servers of the open server's protocol, and such that only
 * send or only receive.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApuePeerTests {

	@TempDir
	Path directory;

	private Path file;

	private String open;

	private PeerInC program;

	@BeforeEach
	void writeFile() throws IOException {
		this.program = new PeerInC("apue.c", this.directory, "fdbroker.sockets.handoff.format=apue",
				"fdbroker.peers.handoff.format=apue");
		this.file = Files.writeString(this.directory.resolve("file"), "content");
		this.open = "open " + this.file + " 0";
	}

	@Test
	void listenerWhenClientAsksRepliesWithDescriptorThatMethodReturns() {
		this.program.listen(new OpenServer(), (container) -> {
			assertThat(this.program.connect("ask=" + this.open, "ask=" + this.open)).containsExactly("ready",
					"descriptor: content", "write: Bad file descriptor", "descriptor: content",
					"write: Bad file descriptor", "done");
			assertThat(container.counters().traffic().messagesReceived()).isEqualTo(2);
		});
	}

	@Test
	void listenerWhenMethodThrowsRepliesWithTextAndStatusAndGoesOn() {
		this.program.listen(new OpenServer(),
				(container) -> assertThat(this.program.connect("ask=open /none/such 0", "ask=" + this.open))
					.containsExactly("ready", "/none/such (No such file or directory)", "status -1",
							"descriptor: content", "write: Bad file descriptor", "done"));
	}

	@Test
	void listenerWhenMethodReturnsStatusRepliesWithThat() {
		this.program.listen(new OpenServer(), (container) -> assertThat(this.program.connect("ask=status"))
			.containsExactly("ready", "the cupboard is bare", "status -7", "done"));
	}

	@Test
	void listenerWhenMethodThrowsWhatAnotherPeerAnsweredPassesItsStatusOn() {
		this.program.listen(new OpenServer(), (container) -> assertThat(this.program.connect("ask=relay"))
			.containsExactly("ready", "Peer 'other' replied with an error (status -13): denied", "status -13", "done"));
	}

	@Test
	void listenerWhenMethodReturnsTextWithDescriptorSendsBoth() {
		this.program.listen(new OpenServer(), (container) -> assertThat(this.program.connect("ask=text " + this.file))
			.contains("mind the gap", "descriptor: content"));
	}

	@Test
	void listenerWhenMethodReturnsNoDescriptorRepliesWithError() {
		this.program.listen(new OpenServer(), (container) -> {
			List<String> lines = this.program.connect("ask=nothing", "ask=" + this.open);
			assertThat(lines).element(1).asString().startsWith("A message of the format apue has one descriptor");
			assertThat(lines).containsSubsequence("status -1", "descriptor: content");
		});
	}

	@Test
	void listenerWhenTwoRequestsComeInOneWriteRepliesBoth() {
		this.program.listen(new OpenServer(),
				(container) -> assertThat(this.program.connect("twice=" + this.open, "receive", "receive"))
					.containsSubsequence("descriptor: content", "descriptor: content"));
	}

	@Test
	void listenerWhenRequestComesInPartsWaitsForItsEnd() {
		this.program.listen(new OpenServer(), (container) -> {
			try (PeerProcess client = this.program.start("connect", "bytes=open ", "drained", "wait",
					"ask=" + this.file + " 0")) {
				assertThat(client.readLine()).isEqualTo("ready");
				assertThat(client.readLine()).isEqualTo("waiting");
				assertThat(container.counters().traffic().messagesReceived()).isZero();
				client.writeLine("");
				assertThat(client.readLine()).isEqualTo("descriptor: content");
			}
		});
	}

	@Test
	void listenerWhenClientSendsNothingForAWhileRepliesLater() {
		this.program.listen(new OpenServer(), (container) -> {
			try (PeerProcess client = this.program.start("connect", "wait", "ask=" + this.open, "wait",
					"ask=" + this.open)) {
				assertThat(client.readLine()).isEqualTo("ready");
				for (int i = 0; i < 2; i++) {
					assertThat(client.readLine()).isEqualTo("waiting");
					Awaitility.await().until(() -> container.connections() == 1);
					client.writeLine("");
					assertThat(client.readLine()).isEqualTo("descriptor: content");
					assertThat(client.readLine()).isEqualTo("write: Bad file descriptor");
				}
			}
		});
	}

	@Test
	void listenerWhenClientLeavesBeforeItsReplyLeavesNothing(CapturedOutput output) {
		OpenServer server = new OpenServer();
		this.program.listen(server, (container) -> {
			assertThat(this.program.connect("request=late " + this.file)).containsExactly("ready", "done");
			server.proceed.countDown();
			Awaitility.await()
				.until(() -> container.counters().traffic().messagesReceived() == 1 && container.connections() == 0);
			assertThat(this.program.connect("ask=" + this.open)).contains("descriptor: content");
		});
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void listenerWhenMethodTakesDescriptorGetsThatOfSendFd() {
		Receiver receiver = new Receiver();
		this.program.listen(receiver, (container) -> {
			this.program.connect("fd=" + this.file, "fd=" + this.file, "bytes=note", "fd=" + this.file);
			Awaitility.await().until(() -> receiver.calls.size() == 3);
			assertThat(receiver.calls).containsExactly("content null", "content null", "content note");
		});
	}

	@Test
	void listenerWhenErrorAndDescriptorComeInOneWriteGetsBoth() {
		AnyReceiver receiver = new AnyReceiver();
		this.program.listen(receiver, (container) -> {
			this.program.connect("both=" + this.file);
			Awaitility.await().until(() -> receiver.calls.size() == 2);
			assertThat(receiver.calls).containsExactly("status -1: no", "content null");
		});
	}

	@Test
	void listenerWhenMethodTakesMessagesWithoutDescriptorGetsStatusOfSendErr() {
		AnyReceiver receiver = new AnyReceiver();
		this.program.listen(receiver, (container) -> {
			this.program.connect("err=-3,out of tea\n", "err=-255,", "fd=" + this.file);
			Awaitility.await().until(() -> receiver.calls.size() == 3);
			assertThat(receiver.calls).containsExactly("status -3: out of tea", "status -255: null", "content null");
		});
	}

	@Test
	void listenerWhenMethodNeedsDescriptorLogsStatusOfSendErrAndGoesOn(CapturedOutput output) {
		Receiver receiver = new Receiver();
		this.program.listen(receiver, (container) -> {
			this.program.connect("err=-3,out of tea\n", "fd=" + this.file);
			Awaitility.await().until(() -> receiver.calls.size() == 1);
			assertThat(output).contains("expects a FileInputStream, but the peer sent the status -3: out of tea");
		});
	}

	@Test
	void clientOfTheReferencePageWhenCompiledGetsDescriptorOrStatus() throws IOException {
		Peers.require("gcc");
		Path source = Files.writeString(this.directory.resolve("client.c"), clientOfTheReferencePage());
		String program = this.directory.resolve("client").toString();
		assertThat(Peers.run(List.of("gcc", "-Wall", "-Wextra", "-Werror", "-o", program, source.toString())).output())
			.isEmpty();
		String socket = this.directory.resolve(TestApplication.SOCKET).toString();
		this.program.listen(new OpenServer(), (container) -> {
			assertThat(Peers.run(List.of(program, socket, this.open)).output()).isEqualTo("content\n");
			assertThat(Peers.run(List.of(program, socket, "status")).output())
				.isEqualTo("the cupboard is bare\nstatus -7\n");
		});
	}

	/**
	 * Return the program that the page has the last function of.
	 */
	private static String clientOfTheReferencePage() throws IOException {
		String page = Files.readString(Path.of("src/docs/wire-format.md"));
		String function = page.substring(page.lastIndexOf("```c\n") + 5, page.lastIndexOf("```"));
		return """
				#define _GNU_SOURCE
				#include <stdio.h>
				#include <string.h>
				#include <sys/socket.h>
				#include <sys/un.h>
				#include <unistd.h>

				""" + function + """

				int main(int count, char **arguments)
				{
					struct sockaddr_un address = { .sun_family = AF_UNIX };
					int connection = socket(AF_UNIX, SOCK_STREAM, 0);
					if (count != 3)
						return 2;
					snprintf(address.sun_path, sizeof(address.sun_path), "%s", arguments[1]);
					if (connect(connection, (struct sockaddr *) &address, sizeof(address)) < 0)
						return 1;
					if (send(connection, arguments[2], strlen(arguments[2]) + 1, 0) < 0)
						return 1;
					int file = recv_fd(connection);
					char content[100];
					ssize_t length = file < 0 ? 0 : read(file, content, sizeof(content));
					if (file < 0)
						printf("status %d\\n", file);
					else
						printf("%.*s\\n", (int) length, content);
					return 0;
				}
				""";
	}

	@Test
	void brokerWhenServerOpensFileGetsItsDescriptor() {
		try (PeerProcess server = this.program.start("listen", "serve")) {
			this.program.ask((broker) -> {
				for (int i = 0; i < 3; i++) {
					try (FileInputStream stream = broker.to("handoff")
						.payload(this.open)
						.requestDescriptor(FileInputStream.class)) {
						assertThat(stream.readAllBytes()).asString().isEqualTo("content");
					}
					assertThat(server.readLine()).endsWith((i == 0) ? "ready" : "request: " + this.open);
				}
			});
		}
	}

	@Test
	void brokerWhenServerRepliesWithErrorThrowsItsStatusAndTextAndKeepsConnection() {
		try (PeerProcess server = this.program.start("listen", "serve")) {
			this.program.ask((broker) -> {
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").payload("open /none/such 0").request())
					.withMessage("Peer 'handoff' replied with an error (status -1): "
							+ "can't open /none/such: No such file or directory")
					.satisfies((ex) -> {
						assertThat(ex.getStatus()).isEqualTo(-1);
						assertThat(ex.getText()).isEqualTo("can't open /none/such: No such file or directory");
					});
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").payload("close").request())
					.extracting(FdRemoteException::getStatus)
					.isEqualTo(-2);
				broker.to("handoff").payload(this.open).request().close();
			});
			assertThat(server.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void brokerWhenTextComesLongBeforeStatusWaitsForIt() throws Exception {
		try (PeerProcess server = this.program.start("listen", "bytes=careful", "wait", "fd=" + this.file, "end")) {
			this.program.ask((broker) -> {
				Background<FdMessage> request = request(broker);
				assertThat(server.readLine()).isEqualTo("ready");
				assertThat(server.readLine()).isEqualTo("waiting");
				server.writeLine("");
				try (FdMessage reply = request.get();
						FileInputStream stream = reply.descriptor(0).into(FileInputStream.class)) {
					assertThat(reply.text()).isEqualTo("careful");
					assertThat(stream.readAllBytes()).asString().isEqualTo("content");
				}
			});
		}
	}

	@Test
	void brokerWhenServerSendsNothingForAWhileWaits() throws Exception {
		try (PeerProcess server = this.program.start("listen", "wait", "serve")) {
			this.program.ask((broker) -> {
				Background<FdMessage> request = request(broker);
				assertThat(server.readLine()).isEqualTo("ready");
				assertThat(server.readLine()).isEqualTo("waiting");
				assertThat(request.isDone()).isFalse();
				server.writeLine("");
				request.get().close();
			});
		}
	}

	@Test
	void brokerWhenServerClosesEarlySaysSoAndConnectsAnew() {
		try (PeerProcess server = this.program.start("listen", "next", "serve")) {
			this.program.ask((broker) -> {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> broker.to("handoff").payload(this.open).request())
					.withMessageContaining("Connection of peer 'handoff' with");
				broker.to("handoff").payload(this.open).request().close();
			});
			assertThat(server.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void brokerWhenServerSentMoreThanItsReplyAsksOverNewConnection() throws Exception {
		try (PeerProcess server = this.program.start("listen", "reply", "late", "wait", "next", "serve")) {
			this.program.ask((broker) -> {
				request(broker).get().close();
				assertThat(server.readLine()).isEqualTo("ready");
				assertThat(server.readLine()).startsWith("request");
				assertThat(server.readLine()).isEqualTo("waiting");
				Background<FdMessage> second = request(broker);
				server.writeLine("");
				second.get().close();
			});
		}
	}

	/**
	 * Nothing is sent before the one before was read: {@code recv_fd} takes what comes in
	 * one read for one status.
	 */
	@Test
	void brokerWhenItSendsDescriptorRecvFdReturnsIt() throws IOException {
		try (PeerProcess receiver = this.program.start("listen", "receive", "receive", "receive", "end");
				FileInputStream stream = new FileInputStream(this.file.toFile())) {
			this.program.ask((broker) -> {
				broker.to("handoff").descriptor(this.file).send();
				assertThat(readLines(receiver, 3)).containsExactly("ready", "descriptor: content",
						"write: Bad file descriptor");
				broker.to("handoff").payload("out of tea").header("error-status", -3).send();
				assertThat(readLines(receiver, 2)).containsExactly("out of tea", "status -3");
				broker.to("handoff").payload("mind the gap\n").descriptor(stream).handOver();
				assertThatExceptionOfType(FdConversionException.class)
					.isThrownBy(() -> broker.to("handoff").payload("only text").send())
					.withMessageContaining("has one descriptor, or none and the header 'error-status'");
			});
			assertThat(readLines(receiver, 4)).containsExactly("mind the gap", "descriptor: content",
					"write: Bad file descriptor", "closed");
		}
	}

	private static List<String> readLines(PeerProcess process, int count) {
		return Stream.generate(process::readLine).limit(count).toList();
	}

	private Background<FdMessage> request(FdBroker broker) {
		return Background.call(() -> broker.to("handoff").payload(this.open).request());
	}

	static class OpenServer {

		private final CountDownLatch proceed = new CountDownLatch(1);

		@FdListener(TestApplication.SOCKET)
		@Nullable Object handle(String request) throws Exception {
			String[] words = request.split(" ");
			switch (words[0]) {
				case "status":
					return OutgoingFdMessage.builder()
						.payload("the cupboard is bare")
						.header("error-status", -7)
						.build();
				case "relay":
					throw new FdRemoteException("other", "an error", -13, "denied");
				case "nothing":
					return null;
				case "text":
					return OutgoingFdMessage.builder()
						.payload("mind the gap\n")
						.descriptor(new FileInputStream(words[1]))
						.build();
				case "late":
					assertThat(this.proceed.await(20, TimeUnit.SECONDS)).isTrue();
					return new FileInputStream(words[1]);
				default:
					return new FileInputStream(words[1]);
			}
		}

	}

	static class Receiver {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		void handle(@Payload(required = false) @Nullable String text, FileInputStream file) throws IOException {
			this.calls.add(new String(file.readAllBytes()) + " " + text);
		}

	}

	static class AnyReceiver {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		void handle(@Payload(required = false) @Nullable String text, @Nullable FileInputStream file,
				@Header(name = "error-status", required = false) @Nullable Integer status) throws IOException {
			this.calls
				.add((file != null) ? new String(file.readAllBytes()) + " " + text : "status " + status + ": " + text);
		}

	}

}
