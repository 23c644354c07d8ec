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

package io.github.fdbroker.web.takeover;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.takeover.FdTakeoverAutoConfiguration;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.PassedSockets;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;
import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A socket that cannot be passed, or cannot be used where it comes, is not left open.
 */
@ExtendWith(FdLedger.class)
class PassedSocketTests {

	private static final FdConverters CONVERTERS = new FdConverters(List.of());

	private static final FdSources SOURCES = new FdSources(List.of());

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	@TempDir
	Path directory;

	@Test
	void socketWhenItHasNoAddressIsClosed() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/null")) {
			OwnedFd passed = duplicate(file);
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> open(passed, ANY_PORT));
			assertThat(passed.isOpen()).isFalse();
		}
	}

	@Test
	void socketWhenItHasAnotherAddressIsClosed() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open().bind(ANY_PORT);
				ServerSocket other = new ServerSocket(0)) {
			OwnedFd passed = duplicate(channel);
			assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(
					() -> open(passed, new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort())))
				.withMessageContaining("listens on " + channel.getLocalAddress());
			assertThat(passed.isOpen()).isFalse();
		}
	}

	@Test
	void socketsWhenTableIsFullAreNotPassedAndNotLeftOpen() throws Exception {
		Assumptions.assumeTrue(Path.of("/usr/bin/prlimit").toFile().canExecute(), "prlimit is missing");
		Process process = new ProcessBuilder("prlimit", "--nofile=300:300",
				System.getProperty("java.home") + "/bin/java", "-Xmx64m",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), Application.class.getName(), "--fdbroker.takeover.enabled=true",
				"--fdbroker.takeover.socket=" + this.directory.resolve("control"))
			.redirectErrorStream(true)
			.start();
		process.getOutputStream().close();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.contains("0 free: refused, 0 left open", "1 free: refused, 0 left open", "2 free: passed, 0 left open");
		process.getErrorStream().close();
		process.waitFor();
	}

	private static OwnedFd duplicate(Object owner) throws IOException {
		try (BorrowedFd borrowed = SOURCES.borrow(owner)) {
			return CONVERTERS.adopt(Descriptors.duplicate(borrowed.descriptor()));
		}
	}

	private static void open(OwnedFd passed, InetSocketAddress configured) {
		new SocketOpener(SOURCES, CONVERTERS, (name) -> null).open("web", configured,
				new PassedSockets(List.of(new PassedSocket("web/web", passed))));
	}

	/**
	 * The main class of the child.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ FdBrokerAutoConfiguration.class, FdTakeoverAutoConfiguration.class })
	static class Application {

		public static void main(String[] arguments) throws Exception {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			ApplicationContext context = application.run(arguments);
			WebConnectors connectors = new WebConnectors(context.getBean(IncomingTakeover.class), new SocketOpener(
					context.getBean(FdSources.class), context.getBean(FdConverters.class), (name) -> null));
			connectors.find("first", ANY_PORT).open().close();
			connectors.find("second", ANY_PORT).open().close();
			try {
				run(connectors);
			}
			finally {
				System.exit(0);
			}
		}

		private static void run(WebConnectors connectors) throws Exception {
			// A full table has no room for reading classes.
			Class.forName(FdLimitException.class.getName());
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> Descriptors.duplicate(new FileDescriptor()));
			tryWith(2, connectors);
			tryWith(0, connectors);
			for (int free = 0; free <= 2; free++) {
				int before = FdLedger.open().size();
				String result = tryWith(free, connectors);
				System.out.printf("%d free: %s, %d left open%n", free, result, FdLedger.open().size() - before);
			}
		}

		private static String tryWith(int free, WebConnectors connectors) throws IOException {
			List<FileInputStream> hogs = fill(free);
			try {
				connectors.sockets().forEach((socket) -> socket.descriptor().close());
				return "passed";
			}
			catch (FdLimitException ex) {
				return "refused";
			}
			finally {
				for (FileInputStream hog : hogs) {
					hog.close();
				}
			}
		}

		private static List<FileInputStream> fill(int free) throws IOException {
			List<FileInputStream> hogs = new ArrayList<>();
			try {
				while (true) {
					hogs.add(new FileInputStream("/dev/null"));
				}
			}
			catch (IOException ex) {
				for (int i = 0; i < free; i++) {
					hogs.remove(hogs.size() - 1).close();
				}
				return hogs;
			}
		}

	}

}
