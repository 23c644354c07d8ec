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

package io.github.fdbroker.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for peers whose connection an application inherits, with applications that ssh(1)
 * and a program in Python start.
 */
class InheritedPeerTests {

	@TempDir
	Path directory;

	@Test
	void sendWhenSshExpectsConnectionOnStandardOutputPassesIt() throws IOException {
		Peers.require("ssh");
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				PeerProcess ssh = PeerProcess.start(ssh(application("raw", "ssh", server.getLocalPort())))) {
			server.setSoTimeout(60_000);
			try (Socket client = server.accept()) {
				assertThat(new BufferedReader(new InputStreamReader(client.getInputStream())).readLine())
					.startsWith("SSH-2.0-OpenSSH");
				client.getOutputStream().write("go away\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII));
			}
			assertThat(ssh.awaitExit()).isEqualTo(255);
		}
	}

	@Test
	void requestWhenConnectionIsInheritedTakesTurnsWithSends() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		try (PeerProcess parent = PeerProcess
			.start(Peers.python("inherits.py", application("frame", "talk", file).toArray()))) {
			assertThat(parent.readAll()).contains("first content\n", "second\n", "asynchronous content\n", "third\n",
					"status 0");
		}
	}

	@Test
	void connectWhenConnectionIsInheritedGivesTheSessionAllOfIt() {
		try (PeerProcess parent = PeerProcess
			.start(Peers.python("inherits.py", application("frame", "session").toArray()))) {
			assertThat(parent.readAll()).contains("in session\n", "status 0");
		}
	}

	@Test
	void sendWhenRequestUsesInheritedConnectionFailsAfterItsTimeout() throws IOException {
		List<String> application = application("frame", "busy");
		application.addAll(
				List.of("--fdbroker.peers.parent.send-timeout=100ms", "--fdbroker.peers.parent.reply-timeout=150ms"));
		try (PeerProcess parent = PeerProcess.start(Peers.python("inherits.py", application.toArray()))) {
			assertThat(parent.readAll()).contains("late\n", "status 0").doesNotContain("too much");
		}
	}

	@Test
	void contextWhenDescriptorIsNoConnectedSocketFails() {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.peers.parent.descriptor=99999")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("fdbroker.peers.parent.descriptor")
				.hasMessageContaining("Descriptor 99999 is not open"));
	}

	private static List<String> ssh(List<String> proxy) {
		return List.of("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ProxyUseFdpass=yes", "-o",
				"ProxyCommand='" + String.join("' '", proxy) + "'", "nobody@nowhere");
	}

	private static List<String> application(String format, Object... arguments) {
		List<Object> all = new ArrayList<>(List.of("--spring.main.banner-mode=off",
				"--fdbroker.peers.parent.descriptor=1", "--fdbroker.peers.parent.format=" + format));
		all.addAll(List.of(arguments));
		List<String> command = ChildJvm.command(PassingApplication.class, all.toArray());
		command.addAll(1,
				List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED"));
		return command;
	}

	/**
	 * Talks to the process that started it, on its standard output.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class PassingApplication {

		public static void main(String[] args) throws Exception {
			List<String> words = List.of(args).stream().filter((argument) -> !argument.startsWith("--")).toList();
			try (ConfigurableApplicationContext context = SpringApplication.run(PassingApplication.class, args)) {
				FdBroker broker = context.getBean(FdBroker.class);
				switch (words.get(0)) {
					case "ssh" -> pass(broker, Integer.parseInt(words.get(1)));
					case "talk" -> talk(broker, Path.of(words.get(1)));
					case "session" -> session(broker);
					case "busy" -> busy((DefaultFdBroker) broker);
					default -> throw new IllegalArgumentException(words.toString());
				}
			}
		}

		private static void pass(FdBroker broker, int port) throws IOException {
			SocketChannel connection = SocketChannel
				.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			broker.to("parent").payload(new byte[1]).descriptor(connection).handOver();
		}

		private static void talk(FdBroker broker, Path file) throws Exception {
			broker.to("parent").payload("first").descriptor(file).send();
			try (FdMessage reply = broker.to("parent").payload("second").request()) {
				check("SECOND".equals(reply.text()), "reply");
			}
			checkRefused(broker.to("parent").header("long", "x".repeat(1 << 20)));
			broker.to("parent").payload("asynchronous").descriptor(file).sendAsync().toCompletableFuture().get();
			check("THIRD".equals(broker.to("parent").payload("third").requestPayload(String.class)), "reply");
		}

		/**
		 * What cannot be sent costs nothing but itself: there is no other connection.
		 */
		private static void checkRefused(MessageSpec message) {
			try {
				message.payload("refused").send();
				check(false, "a header of a megabyte");
			}
			catch (FdException ex) {
				check(!(ex instanceof FdConnectException), ex.getMessage());
			}
		}

		private static void session(FdBroker broker) {
			try (FdSession session = broker.connect("parent");
					FdMessage reply = session.request(OutgoingFdMessage.of("in session"))) {
				check("IN SESSION".equals(reply.text()), "reply");
				try {
					broker.to("parent").payload("beside it").send();
					check(false, "send beside the session");
				}
				catch (FdConnectException ex) {
					check(ex.getMessage().contains("inherited as descriptor 1, has ended, or a session uses it"),
							ex.getMessage());
				}
			}
		}

		private static void busy(DefaultFdBroker broker) throws Exception {
			CompletionStage<FdMessage> late = broker.to("parent")
				.payload("late")
				.timeout(Duration.ofMinutes(5))
				.requestAsync();
			while (broker.peers().get(0).requests() == 0 || broker.peers().get(0).traffic().messagesSent() == 0) {
				Thread.sleep(10);
			}
			checkInUse(broker.to("parent").payload("too much")::send, "100 ms", "fdbroker.peers.parent.send-timeout");
			checkInUse(broker.to("parent").payload("too much")::request, "150 ms",
					"fdbroker.peers.parent.reply-timeout");
			check(!late.toCompletableFuture().isDone(), "late");
		}

		private static void checkInUse(Runnable sending, String time, String property) {
			try {
				sending.run();
				check(false, "in use");
			}
			catch (FdTimeoutException ex) {
				check(ex.getMessage()
					.equals("The inherited connection to peer 'parent' was used by a request for " + time
							+ ": nothing was sent, see " + property),
						ex.getMessage());
			}
		}

		private static void check(boolean condition, String what) {
			if (!condition) {
				throw new IllegalStateException(what);
			}
		}

	}

}
