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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose descriptor table is full: connections wait until there is room
 * again, a message whose descriptors cannot be received ends its connection, and both are
 * logged at a limited rate.
 */
class FullDescriptorTableTests {

	private static final int PEERS = 10;

	private static final int LINES = 5;

	@TempDir
	Path directory;

	@Test
	void connectionsWhenTableIsFullWaitAndAreServedThen() {
		try (PeerProcess application = PeerProcess.startReady(command());
				FdTestClient control = TestApplication.client(this.directory)) {
			assertThat(control.request("hello")).hasPayload("hello");
			assertThat(control.request("fill")).hasPayload("full");
			List<RawPeer> waiting = new ArrayList<>();
			for (int i = 0; i < PEERS; i++) {
				waiting.add(RawPeer.connect(this.directory).send(MessageKind.REQUEST, i, "hello"));
			}
			List<Instant> logged = new ArrayList<>();
			for (int i = 0; i < LINES; i++) {
				String line = application.readLine();
				assertThat(line).contains("'handoff'", "cannot accept connections at the moment");
				logged.add(Instant.parse(line.substring(0, line.indexOf(' '))));
			}
			// Use the application's own timestamps, because its lines may be read late.
			assertThat(Duration.between(logged.get(0), logged.get(LINES - 1)))
				.isGreaterThanOrEqualTo(Duration.ofMillis((LINES - 1) * 50));
			assertThat(control.request("free")).hasPayload("freed");
			for (int i = 0; i < PEERS; i++) {
				assertThat(waiting.get(i).reply()).isEqualTo(i + " REPLY hello");
			}
			waiting.forEach(RawPeer::close);
		}
	}

	/**
	 * The transport junixsocket needs three descriptors for a connection.
	 */
	@Test
	void connectionWhenTransportFindsNoRoomForMoreDescriptorsWaitsAndIsServedThen() {
		try (PeerProcess application = PeerProcess.startReady(command("--fdbroker.transport=junixsocket"));
				FdTestClient control = TestApplication.client(this.directory)) {
			assertThat(control.request("hello")).hasPayload("hello");
			assertThat(control.request("fill all but two")).hasPayload("full");
			try (RawPeer waiting = RawPeer.connect(this.directory).send(MessageKind.REQUEST, 1, "hello")) {
				assertThat(application.readLine()).contains("'handoff'", "cannot accept connections at the moment");
				assertThat(control.request("free")).hasPayload("freed");
				assertThat(waiting.reply()).isEqualTo("1 REPLY hello");
			}
		}
	}

	@Test
	void messageWhenItsDescriptorsFindNoRoomCostsItsConnection() {
		try (PeerProcess application = PeerProcess.startReady(command());
				FdTestClient control = TestApplication.client(this.directory);
				FdTestClient client = TestApplication.client(this.directory)) {
			assertThat(client.request("hello", FileDescriptor.in)).hasPayload("hello");
			assertThat(control.request("fill")).hasPayload("full");
			assertThat(client.request("hello", FileDescriptor.in, FileDescriptor.in))
				.hasErrorContaining("RLIMIT_NOFILE");
			assertThat(client.receive()).isClosed();
			assertThat(application.readLine()).contains("Connection of socket 'handoff'", "is closed");
			assertThat(control.request("free")).hasPayload("freed");
			assertThat(control.request("hello", FileDescriptor.in, FileDescriptor.in)).hasPayload("hello");
		}
	}

	private List<String> command(String... properties) {
		Peers.require("prlimit");
		List<String> command = new ArrayList<>(List.of("prlimit", "--nofile=256:256"));
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		ManagementFactory.getRuntimeMXBean()
			.getInputArguments()
			.stream()
			.filter((argument) -> argument.startsWith("--enable-native-access"))
			.forEach(command::add);
		command.addAll(List.of("-XX:-MaxFDLimit", "-Xmx128m", "-cp", System.getProperty("java.class.path"),
				Application.class.getName(), "--fdbroker.directory=" + this.directory,
				"--fdbroker.sockets.handoff.path=handoff", "--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--logging.pattern.console=%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} %m%n"));
		command.addAll(List.of(properties));
		return command;
	}

	/**
	 * The main class of the child.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class Application {

		private final List<FileInputStream> files = new ArrayList<>();

		public static void main(String[] args) throws Exception {
			SpringApplication.run(Application.class, args);
			// Loading a class outside a jar requires a descriptor.
			Class.forName("io.github.fdbroker.socket.TruncatedControlDataException");
			Class.forName(FdProtocolException.class.getName());
			Class.forName(RejectionReason.class.getName());
			System.out.println("ready");
			Thread.currentThread().join();
		}

		@FdListener("handoff")
		String handle(String payload, FdMessage message) throws IOException {
			return switch (payload) {
				case "fill" -> fill(0);
				case "fill all but two" -> fill(2);
				case "free" -> free();
				default -> payload;
			};
		}

		private String fill(int left) throws IOException {
			try {
				while (true) {
					this.files.add(new FileInputStream("/dev/null"));
				}
			}
			catch (IOException ex) {
				for (int i = 0; i < left; i++) {
					this.files.remove(this.files.size() - 1).close();
				}
				return "full";
			}
		}

		private String free() throws IOException {
			for (FileInputStream file : this.files) {
				file.close();
			}
			this.files.clear();
			return "freed";
		}

	}

}
