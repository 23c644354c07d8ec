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
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.FdEvent.SocketClosed;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SystemCalls;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Other code of the process closes or shuts down a socket that is served: it is reported
 * as not running, and can be started again.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeadSocketTests {

	@TempDir
	Path directory;

	@EachTransport
	void socketWhenShutDownByOtherCodeIsNotRunning(TransportMode transport, CapturedOutput output) {
		runner(transport).run((context) -> {
			FdListenerContainer container = container(context.getBean(FdListenerRegistry.class));
			try (FdTestClient peer = TestApplication.client(this.directory)) {
				assertThat(peer.request("before")).hasPayload("before");
				Kernel.calls().shutdown(served(), SystemCalls.SHUT_RDWR);
				awaitDead(container, output);
				assertThat(peer.request("still")).hasPayload("still");
			}
			container.start();
			assertServes();
		});
	}

	@EachTransport
	void socketWhenItsNumberBelongsToAnotherFileIsNotRunning(TransportMode transport, CapturedOutput output) {
		runner(transport).run((context) -> {
			FdListenerContainer container = container(context.getBean(FdListenerRegistry.class));
			FileDescriptor listening = served();
			try (FileInputStream other = new FileInputStream("/dev/null")) {
				Kernel.calls().replace(other.getFD(), listening);
			}
			wakeAcceptor();
			awaitDead(container, output);
			container.start();
			assertServes();
		});
	}

	@EachTransport
	void datagramSocketWhenShutDownByOtherCodeIsNotRunning(TransportMode transport, CapturedOutput output) {
		runner(transport).withPropertyValues("fdbroker.sockets.handoff.type=datagram").run((context) -> {
			FdListenerContainer container = container(context.getBean(FdListenerRegistry.class));
			Kernel.calls().shutdown(served(), SystemCalls.SHUT_RDWR);
			awaitDead(container, output);
			container.start();
			assertThat(container.isRunning()).isTrue();
		});
	}

	private final Queue<FdEvent> closed = new ConcurrentLinkedQueue<>();

	private ApplicationContextRunner runner(TransportMode transport) {
		Transports.assumeAvailable(transport);
		return TestApplication.with(this.directory, Listener.class, new Listener())
			.withInitializer((context) -> context
				.addApplicationListener(ApplicationListener.forPayload((FdEvent event) -> this.closed.add(event))))
			.withPropertyValues("fdbroker.transport=" + transport);
	}

	private void assertServes() {
		try (FdTestClient peer = TestApplication.client(this.directory)) {
			assertThat(peer.request("hello")).hasPayload("hello");
		}
	}

	/**
	 * A call that is under way still uses the socket; if there is none, nothing listens
	 * any more.
	 */
	private void wakeAcceptor() throws IOException {
		try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			client.connect(UnixDomainSocketAddress.of(this.directory.resolve("handoff")));
		}
		catch (NoSuchFileException | SocketException ex) {
			// It was found dead before.
		}
	}

	private void awaitDead(FdListenerContainer container, CapturedOutput output) {
		Awaitility.await().until(() -> !container.isRunning());
		Awaitility.await().until(() -> output.getOut().contains("ERROR"));
		assertThat(output.getOut().lines().filter((line) -> line.contains(" ERROR "))).singleElement()
			.asString()
			.contains("Socket 'handoff'", "is dead and no longer served");
		Awaitility.await().until(() -> this.closed.stream().filter(SocketClosed.class::isInstance).count() == 1);
	}

	private static FdListenerContainer container(FdListenerRegistry registry) {
		return registry.containers().iterator().next();
	}

	/**
	 * Return the descriptor of the socket that is served.
	 */
	private FileDescriptor served() throws IOException {
		List<String> inodes;
		try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
			inodes = sockets.map((line) -> line.trim().split(" +"))
				.filter((fields) -> fields.length == 8 && fields[7].startsWith(this.directory.toString())
						&& !fields[5].equals("03"))
				.map((fields) -> "socket:[" + fields[6] + "]")
				.toList();
		}
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter((entry) -> inodes.contains(target(entry)))
				.map((entry) -> FileDescriptors.of(Integer.parseInt(entry.getFileName().toString())))
				.min((one, other) -> FileDescriptors.number(one) - FileDescriptors.number(other))
				.map(Objects::requireNonNull)
				.orElseThrow();
		}
	}

	private static String target(Path entry) {
		try {
			return Files.readSymbolicLink(entry).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			return payload;
		}

	}

}
