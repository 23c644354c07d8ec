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

import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Abstract names work where they are allowed, and are refused with the reason where they
 * are not.
 */
class AbstractNameTests {

	private static final String C = "messages.c";

	@TempDir
	Path directory;

	private final String name = "@fdbroker/" + ProcessHandle.current().pid() + "/" + System.nanoTime();

	static Stream<Arguments> transportsAndTypes() {
		return Stream.of(TransportMode.NATIVE, TransportMode.JUNIXSOCKET)
			.flatMap((transport) -> Stream.of("stream", "seqpacket", "datagram")
				.map((type) -> Arguments.of(transport, type)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "sockets", "peers" })
	void startWhenNameIsNotAllowedFailsWithReasonAndProperty(String kind) {
		TestApplication.with(this.directory, Echo.class, new Echo())
			.withPropertyValues("fdbroker." + kind + ".handoff.path=" + this.name)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("fdbroker." + kind + ".handoff.path")
				.hasMessageContaining("it has no permissions")
				.hasMessageContaining("network namespace")
				.hasMessageContaining("fdbroker." + kind + ".handoff.allow-abstract-name=true"));
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void listenerWhenNameIsAllowedServesPeersAndTouchesNoFile(TransportMode transport, String type) {
		if (transport == TransportMode.JUNIXSOCKET && type.equals("datagram")) {
			with(transport, type).run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("any process could send"));
			return;
		}
		with(transport, type).run((context) -> {
			String own = type.equals("datagram") ? this.name + "/own" : "-";
			assertThat(c("ask", type, own, this.name, "hello")).isEqualTo("6 bytes 'hello!' 0 descriptors");
			assertThat(context.getBean(FdBroker.class).to("handoff").payload("bye").requestPayload(String.class))
				.isEqualTo("bye!");
			assertThat(this.directory).isEmptyDirectory();
		});
		assertThat(c("send", type, "-", this.name, "late")).isEqualTo("connect: ECONNREFUSED");
	}

	@ParameterizedTest
	@MethodSource("transportsAndTypes")
	void brokerWhenNameIsAllowedSendsToPeer(TransportMode transport, String type) {
		try (PeerProcess server = PeerProcess.startReady(Peers.compiled(C, "serve", type, this.name, 1))) {
			configure(TestApplication.withoutListener(this.directory), transport, type).run((context) -> {
				assertThat(context.getBean(FdBroker.class).to("handoff").payload("hello").requestPayload(String.class))
					.isEqualTo("got hello");
				assertThat(server.readLine()).isEqualTo("5 bytes 'hello' 0 descriptors");
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "seqpacket", "datagram" })
	void startWhenNameIsTakenFailsAndLeavesItsHolderAlone(String type) {
		try (PeerProcess holder = PeerProcess.startReady(Peers.compiled(C, "serve", type, this.name, 1))) {
			TransportMode transport = type.equals("datagram") ? TransportMode.NATIVE : TransportMode.AUTO;
			with(transport, type).run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining(this.name));
			assertThat(holder.pid()).isPositive();
		}
	}

	@Test
	void brokerWhenNobodyHasTheNameWaitsAndGivesUp() {
		configure(TestApplication.withoutListener(this.directory), TransportMode.AUTO, "stream")
			.withPropertyValues("fdbroker.peers.handoff.connect-timeout=50ms")
			.run((context) -> assertThatExceptionOfType(FdConnectException.class)
				.isThrownBy(() -> context.getBean(FdBroker.class).to("handoff").payload("x").send())
				.withMessageContaining(this.name)
				.withMessageContaining("nobody listens"));
	}

	@Test
	void startWhenExpectedOwnerOfNameForDatagramsCannotBeCheckedFails() {
		configure(TestApplication.withoutListener(this.directory), TransportMode.AUTO, "datagram")
			.withPropertyValues("fdbroker.peers.handoff.expect.uids=0")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("has no owner"));
	}

	@Test
	void listenerWhenPathBeginsWithDirectoryMeansFile() {
		TestApplication.with(this.directory, Echo.class, new Echo())
			.withPropertyValues("fdbroker.sockets.handoff.path=./@file")
			.run((context) -> assertThat(this.directory.resolve("@file")).exists());
	}

	private ApplicationContextRunner with(TransportMode transport, String type) {
		return configure(TestApplication.with(this.directory, Echo.class, new Echo()), transport, type);
	}

	private ApplicationContextRunner configure(ApplicationContextRunner runner, TransportMode transport, String type) {
		Transports.assumeAvailable(transport);
		ApplicationContextRunner configured = runner.withPropertyValues("fdbroker.transport=" + transport);
		for (String kind : new String[] { "sockets", "peers" }) {
			String prefix = "fdbroker." + kind + ".handoff.";
			configured = configured.withPropertyValues(prefix + "path=" + this.name, prefix + "type=" + type,
					prefix + "format=raw", prefix + "allow-abstract-name=true");
		}
		return configured;
	}

	private static String c(Object... arguments) {
		return Peers.runCompiled(C, arguments).output().trim();
	}

	static class Echo {

		@FdListener(TestApplication.SOCKET)
		String handle(String text) {
			return text + "!";
		}

	}

}
