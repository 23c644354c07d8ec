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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replies to datagrams go to the socket of the sender only, whatever its address says.
 */
class ReplyAddressTests {

	@TempDir
	Path directory;

	/** What the other user may write to. */
	private Path open;

	@BeforeEach
	void createDirectories() throws IOException {
		OtherUser.assumeAvailable();
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.open = Files.createDirectory(this.directory.resolve("open"));
		Files.setPosixFilePermissions(this.open, PosixFilePermissions.fromString("rwxrwxrwx"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "link", "relative" })
	void replyWhenAddressIsNotASocketOfTheSenderIsNotSent(String how) {
		Transports.assumeAvailable(TransportMode.NATIVE);
		Echo echo = new Echo();
		Path target = this.directory.resolve("victim");
		TestApplication.with(this.directory, Echo.class, echo)
			.withPropertyValues("fdbroker.sockets.handoff.type=datagram", "fdbroker.sockets.handoff.format=raw",
					"fdbroker.sockets.handoff.mode=0666", "fdbroker.sockets.handoff.allow.uids=0," + OtherUser.ID,
					"fdbroker.sockets.handoff.max-descriptors=0")
			.run((context) -> {
				try (PeerProcess victim = PeerProcess.python("intruder.py", "victim", target);
						PeerProcess sender = sender(OtherUser.ID, how, target);
						PeerProcess fair = sender(OtherUser.ID, "own", target)) {
					sender.writeLine("READY=1");
					assertThat(echo.next()).isEqualTo("READY=1");
					fair.writeLine("hello");
					assertThat(fair.readLine()).isEqualTo("echo hello");
					victim.writeLine("");
					assertThat(victim.readLine()).isEqualTo("nothing");
				}
			});
	}

	@ParameterizedTest
	@EnumSource(value = TransportMode.class, names = { "NATIVE", "JUNIXSOCKET" })
	void replyWhenAddressIsTheSendersArrives(TransportMode transport) {
		Transports.assumeAvailable(transport);
		TestApplication.with(this.directory, Echo.class, new Echo())
			.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=datagram",
					"fdbroker.sockets.handoff.format=raw")
			.run((context) -> {
				try (PeerProcess sender = sender(0, "own", this.directory)) {
					sender.writeLine("hello");
					assertThat(sender.readLine()).isEqualTo("echo hello");
				}
			});
	}

	@Test
	void replyWhenAddressIsAbstractArrives() {
		Transports.assumeAvailable(TransportMode.NATIVE);
		TestApplication.with(this.directory, Echo.class, new Echo())
			.withPropertyValues("fdbroker.sockets.handoff.type=datagram", "fdbroker.peers.handoff.type=datagram")
			.run((context) -> {
				try (FdMessage reply = context.getBean(FdBroker.class).to("handoff").payload("hello").request()) {
					assertThat(reply.text()).isEqualTo("echo hello");
				}
			});
	}

	private PeerProcess sender(int uid, String how, Path target) {
		Path own = this.open.resolve(how);
		Path server = this.directory.resolve(TestApplication.SOCKET);
		return PeerProcess.pythonAs(uid, "intruder.py", "reply-to", server, own, target, how);
	}

	static class Echo {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@FdListener(TestApplication.SOCKET)
		String handle(FdMessage message) {
			this.received.add(message.text());
			return "echo " + message.text();
		}

		String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

	}

}
