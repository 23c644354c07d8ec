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

package demo;

import io.micrometer.core.instrument.MeterRegistry;

import java.io.InputStream;
import java.net.DatagramSocket;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdEvent;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpoint;
import io.github.fdbroker.convert.DescriptorFactory;
import io.github.fdbroker.test.AutoConfigureFdBroker;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.test.FdTest;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.test.FdTestResult;
import io.github.fdbroker.test.FdTestServer;
import io.github.fdbroker.test.FdTestSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

/**
 * Uses each part of the library once.
 */
@SpringBootTest(properties = "spring.jmx.enabled=true")
@AutoConfigureFdBroker
@ExtendWith({ FdLedger.class, OutputCaptureExtension.class })
class OutsideTests {

	@Autowired
	FdTestSockets sockets;

	@Autowired
	FdBroker broker;

	@Autowired
	Desk desk;

	@Autowired
	DescriptorFactory factory;

	@Autowired
	Outside outside;

	@Autowired
	MeterRegistry meters;

	@Autowired
	FdBrokerEndpoint endpoint;

	@Autowired
	@Qualifier("fdbrokerHealthIndicator")
	HealthIndicator health;

	@TempDir
	Path directory;

	@Test
	void receivesNamedDescriptors() {
		try (FdTestClient client = this.sockets.client("desk").open();
				OwnedFd original = FdTest.descriptor("content and more");
				OwnedFd other = FdTest.descriptor("other")) {
			FdTestResult reply = client.request(message("copy").payload(new Desk.Order("title"))
				.descriptor(Map.of("original", original, "other", other))
				.build());
			assertThat(reply).payload(Map.class).isEqualTo(Map.of("title", "content", "other", "other"));
		}
	}

	@Test
	void passesEachKindOfParameter() {
		try (FdTestClient client = this.sockets.client("desk").open();
				OwnedFd first = FdTest.descriptor("first");
				OwnedFd other = FdTest.descriptor("other")) {
			assertThat(client.request(message("all").header("title", "all of them").payload("text")
				.descriptor("first", first)
				.descriptor(other)
				.build())).hasPayload("all of them: 4 bytes, 2 descriptors, true true true, root, 5, false, 1");
		}
	}

	@Test
	void sendsWhatPeopleTry() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		try (FdTestServer archive = this.sockets.server("archive").start();
				InputStream stream = Files.newInputStream(file);
				SeekableByteChannel channel = Files.newByteChannel(file);
				AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(file);
				OwnedFd writable = this.factory.open(file, StandardOpenOption.WRITE);
				OwnedFd location = this.factory.location(this.directory)) {
			archive.replyWith((message, sender) -> "archived " + message.attachments().size());
			assertThat(this.desk.archive(stream, channel, asynchronous, writable, location, this.directory, file))
				.isEqualTo("archived 7");
			FdTestResult received = archive.receive();
			assertThat(received).descriptor(0).isReadOnly().refersTo(file).hasContent("content");
			assertThat(received).descriptor(3).hasAccess(FdKind.Access.WRITE).refersTo(file);
			assertThat(received).descriptor(4).hasAccess(FdKind.Access.NONE).refersTo(this.directory);
			assertThat(received).descriptor(5).hasType(FdKind.Type.DIRECTORY).isReadOnly();
		}
	}

	@Test
	void receivesCollectionsAndSockets() throws Exception {
		try (FdTestClient client = this.sockets.client("desk").open();
				DatagramSocket datagrams = new DatagramSocket();
				DescriptorFactory.Pipe pipe = FdTest.pipe();
				DescriptorFactory.SocketPair pair = FdTest.socketPair(SocketType.SEQPACKET)) {
			assertThat(client.request(message("port").descriptor(datagrams).build()))
				.hasPayload(String.valueOf(datagrams.getLocalPort()));
			assertThat(client.request(message("kinds").descriptor(List.of(pipe.sink(), pair.first())).build()))
				.payload(List.class)
				.isEqualTo(List.of("a pipe, open for writing", "a connected UNIX seqpacket socket"));
			FdTestResult made = client.request(message("make").build());
			assertThat(made).hasDescriptors(3).descriptor("memory").hasContent("sealed");
			assertThat(made).descriptor("pipe").hasType(FdKind.Type.PIPE);
			assertThat(made).descriptor("socket").isSocket(SocketType.STREAM);
			assertThat(client.request(message("directory").build())).descriptor(0).refersTo(Path.of("src"));
		}
	}

	@Test
	void authorizesUsersByTheirProcess() {
		try (FdTestClient own = this.sockets.client("desk").open();
				FdTestClient other = this.sockets.client("desk").asUser(65534).open()) {
			assertThat(own.request(message("admin").build())).hasPayload("administered");
			assertThat(other.request(message("admin").build())).isError().hasErrorContaining("Denied");
			assertThat(this.outside.events).hasAtLeastOneElementOfType(FdEvent.SocketOpened.class)
				.hasAtLeastOneElementOfType(FdEvent.ConnectionAccepted.class);
		}
	}

	@Test
	void showsWhatHappens() {
		try (OwnedFd one = FdTest.descriptor("1")) {
			this.broker.to("desk").header("op", "kinds").descriptor(one).request().close();
		}
		Awaitility.await().until(() -> this.outside.observations.containsAll(List.of("fdbroker.send", "fdbroker.listener")));
		assertThat(this.outside.traces).contains("trace of the sender");
		assertThat(this.meters.get("fdbroker.socket.connections").tag("socket", "desk").functionCounter().count())
			.isPositive();
		assertThat(this.endpoint.fdbroker().sockets()).containsKey("desk");
		assertThat(this.endpoint.fdbroker().peers()).containsKeys("desk", "archive");
	}

	@Test
	void reportsRequiredPeerThatIsMissing() {
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		try (FdTestServer archive = this.sockets.server("archive").start()) {
			assertThat(this.health.health().getStatus()).isEqualTo(Status.UP);
			assertThat(archive.isEmpty()).isTrue();
		}
	}

	@Test
	void stopsAndStartsSocket() {
		this.endpoint.control("plain", FdBrokerEndpoint.Action.STOP);
		assertThat(this.health.health().getDetails()).containsKey("descriptors")
			.extractingByKey("sockets", map(String.class, String.class))
			.containsEntry("plain", "stopped")
			.containsEntry("desk", "open");
		Awaitility.await().untilAsserted(() -> assertThat(this.outside.events).hasAtLeastOneElementOfType(FdEvent.SocketClosed.class));
		this.endpoint.control("plain", FdBrokerEndpoint.Action.START);
		speaksOtherFormatsAndTypes();
	}

	@Test
	void closesWhatIsLost(CapturedOutput output) {
		try (FdTestClient client = this.sockets.client("desk").open(); OwnedFd lost = FdTest.descriptor("lost")) {
			assertThat(client.request(message("lose").descriptor(lost).build())).isMessage();
			Awaitility.await().until(() -> {
				System.gc();
				return this.meters.get("fdbroker.descriptors.leaked").functionCounter().count() > 0;
			});
			Awaitility.await().until(() -> output.getOut().contains("was garbage-collected without having been closed"));
			assertThat(output.getOut()).contains("\tat io.github.fdbroker.");
		}
	}

	@Test
	void speaksOtherFormatsAndTypes() {
		try (FdTestClient client = this.sockets.client("plain").open(); OwnedFd file = FdTest.descriptor("content")) {
			assertThat(client.request("size", file)).hasPayload("size 7");
		}
	}

	@Test
	void saysWhatCannotBeDone() throws Exception {
		Process process = new ProcessBuilder("true").start();
		try (InputStream output = process.getInputStream(); InputStream errors = process.getErrorStream()) {
			assertThatThrownBy(() -> this.desk.archive(output)).hasMessageContaining("ProcessBuilder.redirectInput");
			process.getOutputStream().close();
		}
		assertThatThrownBy(() -> SpringApplication.run(Wrong.class,
				"--fdbroker.sockets.wrong.path=" + this.directory.resolve("wrong")))
			.hasStackTraceContaining("descriptors do not convert to it");
	}

	@Test
	void handlesMessageWithoutSocket() {
		try (FdTestServer archive = this.sockets.server("archive").start();
				OwnedFd one = FdTest.descriptor("1");
				FdMessage message = FdTest.message("text", one)) {
			FdTest.assertThat(message).hasPayload("text").descriptor(0).hasContent("1");
			this.desk.archive(message.descriptor(0));
			assertThat(archive.receive()).descriptor(0).hasContent("1");
		}
	}

	@EnableAutoConfiguration
	static class Wrong {

		@FdListener("wrong")
		void take(@Fd("thread") Thread thread) {
		}

	}

	private static OutgoingFdMessage.Builder message(String operation) {
		return OutgoingFdMessage.builder().header("op", operation);
	}

}
