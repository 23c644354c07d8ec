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

package io.github.fdbroker.systemd;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.testsupport.ChildJvm;

/**
 * An application that is started in the same ways as systemd and inetd start programs.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
class ServiceApplication {

	public static void main(String[] args) {
		SpringApplication.run(ServiceApplication.class, args);
	}

	/**
	 * Return the command to start it.
	 */
	static List<String> command(Object... arguments) {
		List<Object> all = new ArrayList<>(List.of("--spring.main.banner-mode=off"));
		all.addAll(Arrays.asList(arguments));
		return ChildJvm.command(ServiceApplication.class, all.toArray());
	}

	/**
	 * Return the command to start it with the packages of the JDK's channels open.
	 */
	static List<String> openedCommand(Object... arguments) {
		List<String> command = new ArrayList<>(command(arguments));
		command.addAll(1,
				List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED"));
		return command;
	}

	@Bean
	@Profile("!tcp")
	Handoff handoff(FdStore store) {
		return new Handoff(store);
	}

	@Bean
	@Profile("tcp")
	Greeter greeter() {
		return new Greeter();
	}

	@Bean
	Welcome welcome(@Qualifier("http") ObjectProvider<ServerSocketChannel> http) {
		return new Welcome(http.getIfAvailable());
	}

	/**
	 * Reports the descriptors of the process, and stores those that it receives.
	 */
	static final class Handoff {

		private final FdStore store;

		private final String kept;

		Handoff(FdStore store) {
			this.store = store;
			this.kept = store.take("state", FileInputStream.class).map(Handoff::content).orElse("nothing");
		}

		@FdListener("handoff")
		Object handle(String payload, List<OwnedFd> descriptors) throws IOException {
			String[] words = payload.split(" ");
			return switch (words[0]) {
				case "flags" -> Files.readString(Path.of("/proc/self/fdinfo/" + words[1]));
				case "target" -> target(words[1]);
				case "kept" -> this.kept;
				case "store" -> {
					this.store.store("state", descriptors.get(0));
					yield "stored";
				}
				case "remove" -> {
					this.store.remove("state");
					yield "removed";
				}
				case "echo" -> payload + " with " + descriptors.size();
				default -> throw new IllegalArgumentException(payload);
			};
		}

		private static String content(FileInputStream file) {
			try (file) {
				return new String(file.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static String target(String number) throws IOException {
			Path entry = Path.of("/proc/self/fd/" + number);
			return Files.isSymbolicLink(entry) ? Files.readSymbolicLink(entry).toString() : "nothing";
		}

	}

	/**
	 * Receives each connection of a TCP socket, or a UDP socket.
	 */
	static final class Greeter {

		@FdListener("tcp")
		void greet(FdMessage message, OwnedFd socket, PeerCredentials peer) throws IOException {
			System.out.println("This is not for the client");
			if (socket.kind().socket().type() == SocketType.DATAGRAM) {
				replyOne(socket);
				return;
			}
			boolean own = peer.pid() == ProcessHandle.current().pid();
			try (SocketChannel connection = socket.into(SocketChannel.class)) {
				connection.write(StandardCharsets.US_ASCII.encode("process " + peer.pid() + " " + own + " "
						+ message.text().length() + ", input " + System.in.read() + "\n"));
			}
		}

		private static void replyOne(OwnedFd socket) throws IOException {
			try (DatagramChannel channel = socket.into(DatagramChannel.class)) {
				ByteBuffer datagram = ByteBuffer.allocateDirect(1024);
				SocketAddress sender = channel.receive(datagram);
				channel.send(datagram.flip(), sender);
			}
		}

	}

	/**
	 * Greets each client that connects to the activated socket.
	 */
	static final class Welcome implements InitializingBean {

		private final ServerSocketChannel http;

		Welcome(ServerSocketChannel http) {
			this.http = http;
		}

		@Override
		public void afterPropertiesSet() {
			if (this.http != null) {
				Thread thread = new Thread(this::acceptAll, "welcome");
				thread.setDaemon(true);
				thread.start();
			}
		}

		private void acceptAll() {
			try {
				while (this.http.isOpen()) {
					try (SocketChannel connection = this.http.accept()) {
						connection.write(StandardCharsets.US_ASCII
							.encode("welcome from " + this.http.getClass().getSimpleName() + "\n"));
					}
				}
			}
			catch (IOException ex) {
				// The application ends.
			}
		}

	}

}
