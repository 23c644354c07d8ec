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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Descriptors and credentials in one message, with a peer in C that sends both, and peers
 * in Python that pass their connection to another user. What tells who sent a message
 * takes the native transport.
 */
@ExtendWith(OutputCaptureExtension.class)
class MessageCredentialsTests {

	private static final String C = "messages.c";

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("file"), "content");
	}

	@ParameterizedTest
	@ValueSource(strings = { "datagram", "seqpacket", "stream" })
	void listenerWhenMessageHasDescriptorAndCredentialsGetsBoth(String type) {
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, type, recorder).run((context) -> {
			String sent = c(Peers.compiled(C, "claim", 0, type, socket(), "hello", this.file));
			long pid = Long.parseLong(sent.substring("sent by ".length()));
			assertThat(recorder.next()).isEqualTo("hello content " + pid + " " + own());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "datagram", "seqpacket", "stream" })
	void senderWhenItForgesCredentialsIsRefusedByTheKernel(String type) {
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, type, recorder)
			.withPropertyValues("fdbroker.sockets.handoff.mode=0666", "fdbroker.sockets.handoff.allow.uids=0,65534")
			.run((context) -> {
				assertThat(asOther("claim", 0, type, socket(), "forged", this.file)).isEqualTo("sendmsg: EPERM");
				assertThat(asOther("claim", OtherUser.ID, type, socket(), "true", this.file)).startsWith("sent by");
				assertThat(recorder.next()).startsWith("true content").endsWith(" " + OtherUser.ID);
			});
	}

	@Test
	void datagramListenerWhenSenderIsNotAllowedRefusesItsMessageOnly() {
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, "datagram", recorder).withPropertyValues("fdbroker.sockets.handoff.mode=0666")
			.run((context) -> {
				asOther("send", "datagram", "-", socket(), "refused", this.file);
				c(Peers.compiled(C, "send", "datagram", "-", socket(), "served", this.file));
				assertThat(recorder.next()).startsWith("served content").endsWith(" " + own());
				assertThat(refusals(context, RejectionReason.NOT_ALLOWED)).isOne();
			});
	}

	@Test
	void datagramListenerWhenAuthorizerThrowsRefusesTheMessageAndSaysSo(CapturedOutput output) {
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, "datagram", recorder)
			.withBean(PeerAuthorizer.class, () -> (peer, socket) -> recorder.throwOnce())
			.run((context) -> {
				c(Peers.compiled(C, "send", "datagram", "-", socket(), "refused", this.file));
				c(Peers.compiled(C, "send", "datagram", "-", socket(), "served", this.file));
				assertThat(recorder.next()).startsWith("served");
				assertThat(refusals(context, RejectionReason.NOT_ALLOWED)).isOne();
				assertThat(output).contains("The authorizer failed on pid")
					.contains("refuses a message from pid", "fdbroker.sockets.handoff.allow");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "stream" })
	void listenerWhenConnectionIsPassedToUserWhoIsNotAllowedRefusesItsMessages(String type) {
		OtherUser.assumeAvailable();
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, type, recorder).run((context) -> {
			passOn(type, "first", "second");
			assertThat(recorder.next()).startsWith("first").endsWith(" " + own());
			Awaitility.await().untilAsserted(() -> assertThat(refusals(context, RejectionReason.NOT_ALLOWED)).isOne());
			assertThat(recorder.received).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "stream" })
	void listenerWhenConnectionIsPassedToUserWhoIsAllowedTellsWhoSentEachMessage(String type) {
		OtherUser.assumeAvailable();
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, type, recorder)
			.withPropertyValues("fdbroker.sockets.handoff.allow.uids=0," + OtherUser.ID)
			.run((context) -> {
				passOn(type, "first", "second");
				assertThat(recorder.next()).startsWith("first").endsWith(" " + own());
				assertThat(recorder.next()).startsWith("second").endsWith(" " + OtherUser.ID);
			});
	}

	@Test
	void listenerWhenCredentialsAreThoseOfTheConnectionTellsWhoConnected() {
		OtherUser.assumeAvailable();
		Recorder recorder = new Recorder();
		with(TransportMode.NATIVE, "seqpacket", recorder)
			.withPropertyValues("fdbroker.sockets.handoff.credentials=connection")
			.run((context) -> {
				passOn("seqpacket", "first", "second");
				assertThat(recorder.next()).startsWith("first").endsWith(" " + own());
				assertThat(recorder.next()).startsWith("second").endsWith(" " + own());
			});
	}

	@Test
	void listenerWhenFrameIsBegunByOneAndGoneOnWithByAnotherRefusesIt() {
		OtherUser.assumeAvailable();
		Recorder recorder = new Recorder();
		byte[] frame = ByteBuffer.allocate(20)
			.put("FDBR".getBytes(StandardCharsets.US_ASCII))
			.put(new byte[] { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 20 })
			.array();
		with(TransportMode.NATIVE, "stream", recorder)
			.withPropertyValues("fdbroker.sockets.handoff.format=frame",
					"fdbroker.sockets.handoff.allow.uids=0," + OtherUser.ID)
			.run((context) -> {
				passOn("stream", new String(frame, StandardCharsets.ISO_8859_1), "rest");
				Awaitility.await()
					.untilAsserted(() -> assertThat(refusals(context, RejectionReason.MALFORMED)).isOne());
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "stream" })
	void startWhenTransportCannotTellSendersAndPropertyAsksForThemFails(String type) {
		with(TransportMode.JUNIXSOCKET, type, new Listener()).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(FdConfigurationException.class)
			.hasMessageContaining("'junixsocket' cannot identify the sender")
			.hasMessageContaining("fdbroker.sockets.handoff.credentials=message"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "uids=65534", "gids=0", "uids=0,65534" })
	void startWhenTransportCannotTellSendersOfDatagramsAndRuleNamesOthersFails(String rule) {
		with(TransportMode.JUNIXSOCKET, "datagram", new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.allow." + rule)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("could not be enforced"));
	}

	@Test
	void startWhenTransportCannotTellSendersOfDatagramsAndListenerWantsThemFails() {
		with(TransportMode.JUNIXSOCKET, "datagram", new Recorder()).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(FdConfigurationException.class)
			.hasMessageContaining("Recorder.handle()"));
	}

	@Test
	void startWhenTransportCannotTellSendersOfDatagramsLogsWhatProtects(CapturedOutput output) {
		with(TransportMode.JUNIXSOCKET, "datagram", new Listener()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("INFO")
				.contains("only its directory and mode protect it")
				.contains("rw-------");
		});
		with(TransportMode.JUNIXSOCKET, "datagram", new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.mode=0660")
			.run((context) -> assertThat(output)
				.containsPattern("WARN.*only its directory and mode protect it.*rw-rw----"));
	}

	/**
	 * Connect, send, and let a child of another user send over the same connection.
	 */
	private void passOn(String type, String first, String second) {
		HexFormat hex = HexFormat.of();
		String output = Peers
			.runPython("passed_on.py", type, socket(), OtherUser.ID,
					hex.formatHex(first.getBytes(StandardCharsets.ISO_8859_1)),
					hex.formatHex(second.getBytes(StandardCharsets.ISO_8859_1)))
			.output();
		assertThat(output).isEmpty();
	}

	private String asOther(Object... arguments) {
		return c(OtherUser.command(Peers.compiled(C, arguments)));
	}

	private static String c(List<String> command) {
		return Peers.run(command).output().trim();
	}

	private static long own() {
		return Descriptors.self().uid();
	}

	private Path socket() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private <T> ApplicationContextRunner with(TransportMode transport, String type, T listener) {
		Transports.assumeAvailable(transport);
		@SuppressWarnings("unchecked")
		Class<T> listenerType = (Class<T>) listener.getClass();
		return TestApplication.with(this.directory, listenerType, listener)
			.withPropertyValues("fdbroker.transport=" + transport, "fdbroker.sockets.handoff.type=" + type,
					"fdbroker.sockets.handoff.format=raw", "fdbroker.sockets.handoff.credentials=message");
	}

	private static long refusals(AssertableApplicationContext context, RejectionReason reason) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next().counters().refusals(reason);
	}

	static class Recorder {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		private final AtomicInteger asked = new AtomicInteger();

		boolean throwOnce() {
			if (this.asked.getAndIncrement() == 0) {
				throw new IllegalStateException("as wanted");
			}
			return true;
		}

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message, PeerCredentials sender) throws IOException {
			String content = message.attachments().isEmpty() ? "-"
					: Files.readString(Path.of("/dev/fd/" + message.descriptor(0).number()));
			this.received.add(message.text() + " " + content + " " + sender.pid() + " " + sender.uid());
		}

		@Nullable String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message) {
			// Whatever comes will do.
		}

	}

}
