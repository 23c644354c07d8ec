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

package io.github.fdbroker.test;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestContextManager;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.FdListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoConfigureFdBroker}, {@link FdTestSockets}, {@link FdTestClient}
 * and {@link FdTestServer}.
 */
@SpringBootTest(classes = AutoConfigureFdBrokerTests.Application.class,
		properties = { "fdbroker.directory=${UNSET}/fdbroker", "fdbroker.sockets.desk.path=/run/desk/desk.sock",
				"fdbroker.sockets.desk.mode=0666", "fdbroker.sockets.desk.allow.uids=0,65534",
				"fdbroker.sockets.raw.path=raw.sock", "fdbroker.sockets.raw.format=raw",
				"fdbroker.sockets.raw.type=seqpacket", "fdbroker.sockets.log.path=@log",
				"fdbroker.sockets.log.allow-abstract-name=true", "fdbroker.sockets.log.type=datagram",
				"fdbroker.sockets.apue.path=apue.sock", "fdbroker.sockets.apue.format=apue",
				"fdbroker.peers.self.path=/run/desk/./desk.sock", "fdbroker.peers.other.path=/run/other/other.sock",
				"fdbroker.peers.far.path=far.sock", "fdbroker.peers.far.type=datagram",
				"fdbroker.peers.far.format=raw" })
@AutoConfigureFdBroker
class AutoConfigureFdBrokerTests {

	private static final long OTHER_USER = 65534;

	@Autowired
	private FdTestSockets sockets;

	@Autowired
	private FdBroker broker;

	@Test
	void requestWhenMethodThrowsOrRepliesIsSeenByClient() {
		try (OwnedFd content = FdTest.descriptor("x"); FdTestClient client = this.sockets.client("desk").open()) {
			assertThat(client.request(new Order(42), content)).hasPayload("42: x for uid 0")
				.hasHeader("item", "42")
				.hasDescriptors(1)
				.descriptor("content")
				.hasType(FdKind.Type.FILE)
				.isReadOnly()
				.hasContent("content of 42");
			assertThat(client.request(new Order(-1))).isError()
				.hasErrorType(IllegalStateException.class)
				.hasErrorContaining("no such order");
			assertThat(client.request("not JSON")).isError();
		}
	}

	@Test
	void requestWhenOfOtherUserIsOfItsProcess() throws IOException {
		try (OwnedFd content = FdTest.descriptor("x");
				FdTestClient client = this.sockets.client("desk").asUser(OTHER_USER).open()) {
			assertThat(client.request(new Order(42), content)).hasPayload("42: x for uid 65534")
				.descriptor("content")
				.hasContent("content of 42");
			assertThat(client.request(new Order(-1))).hasErrorType(IllegalStateException.class);
		}
		try (FdTestClient client = this.sockets.client("raw").asUser(OTHER_USER).open()) {
			assertThat(client.request("denied by the mode of the file")).isClosed();
		}
	}

	@Test
	void clientsWhenOfOtherFormatsAndTypesReceiveReplies() {
		try (OwnedFd content = FdTest.descriptor("x");
				FdTestClient raw = this.sockets.client("raw").open();
				FdTestClient apue = this.sockets.client("apue").open()) {
			assertThat(raw.request("hello", content)).hasPayload("hello").descriptor(0).hasContent("x");
			assertThat(apue.request("name")).hasDescriptors(1).descriptor(0).hasContent("name");
		}
		try (FdTestClient log = this.sockets.client("log").open()) {
			assertThat(log.request("line")).hasPayload("logged line");
		}
	}

	@Test
	void brokerWhenPeerIsOwnSocketReachesIt() {
		try (OwnedFd content = FdTest.descriptor("x")) {
			assertThat(this.broker.to("self").payload(new Order(7)).descriptor(content).requestPayload(String.class))
				.isEqualTo("7: x for uid 0");
		}
	}

	@Test
	void serverWhenInPlaceOfPeerReceivesAndReplies() {
		try (OwnedFd content = FdTest.descriptor("x"); FdTestServer server = this.sockets.server("other").start()) {
			server
				.replyWith((message, sender) -> OutgoingFdMessage.of("received " + message.payload(Order.class).id()));
			assertThat(
					this.broker.to("other").payload(new Order(1)).descriptor("a", content).requestPayload(String.class))
				.isEqualTo("received 1");
			FdTestResult received = server.receive();
			assertThat(received).isFromUser(0).hasDescriptors(1).descriptor("a").hasContent("x").isReadOnly();
			assertThat(received).payload(Order.class).isEqualTo(new Order(1));
		}
		try (FdTestServer server = this.sockets.server("far").start()) {
			this.broker.to("far").payload("datagram").send();
			assertThat(server.receive()).hasPayload("datagram").hasDescriptors(0);
			assertThat(server.isEmpty()).isTrue();
		}
	}

	@Test
	void contextsWhenParallelDoNotCollideAndLeaveNothing() throws Exception {
		Path directory = this.sockets.directory();
		assertThat(directory.toString()).hasSizeLessThan(40);
		List<CompletableFuture<Path>> others = new ArrayList<>();
		for (Class<?> test : List.of(First.class, Second.class, Third.class)) {
			others.add(CompletableFuture.supplyAsync(() -> run(test)));
		}
		for (CompletableFuture<Path> other : others) {
			assertThat(other.get()).isNotEqualTo(directory).doesNotExist();
		}
		assertThat(directory).isNotEmptyDirectory();
	}

	private static Path run(Class<?> test) {
		TestContextManager manager = new TestContextManager(test);
		ApplicationContext context = manager.getTestContext().getApplicationContext();
		FdTestSockets sockets = context.getBean(FdTestSockets.class);
		try (FdTestClient client = sockets.client("desk").open()) {
			assertThat(client.request("ping")).hasPayload("pong of " + test.getSimpleName());
			return sockets.directory();
		}
		finally {
			manager.getTestContext().markApplicationContextDirty(DirtiesContext.HierarchyMode.EXHAUSTIVE);
		}
	}

	@SpringBootTest(classes = Pong.class, properties = { "name=First", "fdbroker.sockets.desk.path=desk.sock" })
	@AutoConfigureFdBroker
	static class First {

	}

	@SpringBootTest(classes = Pong.class, properties = { "name=Second", "fdbroker.sockets.desk.path=desk.sock" })
	@AutoConfigureFdBroker
	static class Second {

	}

	@SpringBootTest(classes = Pong.class, properties = { "name=Third", "fdbroker.sockets.desk.path=desk.sock" })
	@AutoConfigureFdBroker
	static class Third {

	}

	record Order(int id) {

	}

	@SpringBootApplication(scanBasePackages = "none")
	static class Application {

		@FdListener("desk")
		OutgoingFdMessage order(@Payload Order order, Optional<FileInputStream> file, PeerCredentials peer)
				throws IOException {
			if (order.id() < 0) {
				throw new IllegalStateException("no such order");
			}
			return OutgoingFdMessage.builder()
				.payload(order.id() + ": " + new String(file.orElseThrow().readAllBytes()) + " for uid " + peer.uid())
				.header("item", order.id())
				.descriptor("content", FdTest.descriptor("content of " + order.id()))
				.build();
		}

		@FdListener("raw")
		OutgoingFdMessage raw(String text, OwnedFd descriptor) {
			return OutgoingFdMessage.builder().payload(text).descriptor(descriptor.dup()).build();
		}

		@FdListener("apue")
		OwnedFd open(String name) {
			return FdTest.descriptor(name);
		}

		@FdListener("log")
		String log(String line) {
			return "logged " + line;
		}

	}

	static class Pong {

		@Value("${name}")
		private String name;

		@FdListener("desk")
		String ping(String text) {
			return "pong of " + this.name;
		}

	}

}
