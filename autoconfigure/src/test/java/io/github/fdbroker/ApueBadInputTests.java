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

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Peers of the format apue that break its rules lose their connection, the error says who
 * it was and what was expected, and nothing is left open.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApueBadInputTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					nofd   | Received the status 0 with 0 descriptors instead of one
					two    | Received the status 0 with 2 descriptors instead of one
					errfd  | Received the status -1 with 1 descriptors, but only the status 0 has one
					errors | 5 bytes follow the status, which ends a reply
					bare   | ended in the middle of a message, after 1 bytes of it; expected a NUL and a status byte
					bytes=a text and no end | ended in the middle of a message, after 17 bytes of it; expected a NUL and a status byte
					""")
	void brokerWhenReplyBreaksTheRulesThrowsWhatWasExpectedAndConnectsAnew(String step, String message) {
		List<String> command = command("take", step.strip(), "next", "serve");
		try (PeerProcess server = PeerProcess.start(command)) {
			run(null, (broker, container) -> {
				assertThatExceptionOfType(FdException.class)
					.isThrownBy(() -> broker.to("handoff").payload("open /dev/null 0").request())
					.isInstanceOfAny(FdProtocolException.class, FdConnectException.class)
					.withMessageStartingWith("Connection of peer 'handoff' with pid")
					.withMessageContaining(message);
				broker.to("handoff").payload("open /dev/null 0").request().close();
			});
			assertThat(server.readLine()).isEqualTo("ready");
		}
	}

	@Test
	void brokerWhenTextIsLongerThanLimitNamesTheProperty() {
		try (PeerProcess server = PeerProcess.start(command("take", "bytes=" + "x".repeat(101), "end"))) {
			run(null,
					(broker, container) -> assertThatExceptionOfType(FdLimitException.class)
						.isThrownBy(() -> broker.to("handoff").payload("open /dev/null 0").request())
						.withMessageStartingWith("Connection of peer 'handoff' with pid")
						.withMessageContaining("see fdbroker.peers.handoff.max-message-size"));
			assertThat(server.readLine()).isEqualTo("ready");
			assertThat(server.readLine()).isEqualTo("closed");
		}
	}

	@Test
	void serverWhenRequestComesWithDescriptorRefusesIt(CapturedOutput output) {
		run(new Server(), (broker, container) -> {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				peer.write("open\0", FileDescriptor.in, FileDescriptor.in);
				peer.awaitEnd();
			}
			awaitRefusal(container, RejectionReason.MALFORMED);
		});
		assertThat(output).contains("Connection of socket 'handoff' with pid")
			.contains("Received 2 descriptors with a request, which has none");
	}

	@Test
	void serverWhenRequestHasNoEndSaysWhatWasExpected(CapturedOutput output) {
		run(new Server(), (broker, container) -> {
			RawPeer.connect(this.directory).write("open").close();
			awaitRefusal(container, RejectionReason.BROKEN);
		});
		assertThat(output).contains("Connection of socket 'handoff' with pid")
			.contains("after 4 bytes of it; expected the NUL that ends a request");
	}

	@Test
	void serverWhenRequestIsLongerThanLimitNamesTheProperty(CapturedOutput output) {
		run(new Server(), (broker, container) -> {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				peer.write("x".repeat(101) + "\0").awaitEnd();
			}
			awaitRefusal(container, RejectionReason.LIMIT_EXCEEDED);
		});
		assertThat(output).contains(
				"A message of 101 bytes exceeds the limit of 100, " + "see fdbroker.sockets.handoff.max-message-size");
	}

	@Test
	void serverWhenEndOfRequestDoesNotComeInTimeNamesTheProperty(CapturedOutput output) {
		run(new Server(), (broker, container) -> {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				peer.write("open").awaitEnd();
			}
			awaitRefusal(container, RejectionReason.TIMEOUT);
		});
		assertThat(output).contains("see fdbroker.sockets.handoff.message-timeout");
	}

	@ParameterizedTest
	@MethodSource
	void receiverWhenMessageBreaksTheRulesSaysWhatWasExpected(String bytes, int descriptors, RejectionReason refusal,
			String message, CapturedOutput output) {
		Receiver receiver = new Receiver();
		run(receiver, (broker, container) -> {
			FileDescriptor[] in = new FileDescriptor[descriptors];
			Arrays.fill(in, FileDescriptor.in);
			RawPeer.connect(this.directory).write(bytes, in).close();
			awaitRefusal(container, refusal);
			assertThat(receiver.calls).isEmpty();
		});
		assertThat(output).contains("Connection of socket 'handoff' with pid").contains(message);
	}

	static Stream<Arguments> receiverWhenMessageBreaksTheRulesSaysWhatWasExpected() {
		return Stream.of(Arguments.of("\0\0", 0, RejectionReason.MALFORMED, "Received the status 0 with 0 descriptors"),
				Arguments.of("\0\0", 2, RejectionReason.MALFORMED, "Received the status 0 with 2 descriptors"),
				Arguments.of("no\0\1", 1, RejectionReason.MALFORMED, "Received the status -1 with 1 descriptors"),
				Arguments.of("text", 3, RejectionReason.MALFORMED, "Received 3 descriptors, but expected at most one"),
				Arguments.of("\0", 1, RejectionReason.BROKEN, "after 1 bytes of it; expected a NUL and a status byte"),
				Arguments.of("text", 1, RejectionReason.BROKEN, "after 4 bytes of it"), Arguments.of("x".repeat(101), 1,
						RejectionReason.LIMIT_EXCEEDED, "fdbroker.sockets.handoff.max-message-size"));
	}

	private static void awaitRefusal(FdListenerContainer container, RejectionReason refusal) {
		Awaitility.await().until(() -> container.counters().refusals(refusal) == 1 && container.connections() == 0);
	}

	private List<String> command(String... steps) {
		List<String> command = Peers.compiled("apue.c", "listen", this.directory.resolve(TestApplication.SOCKET));
		command.addAll(List.of(steps));
		return command;
	}

	@SuppressWarnings("unchecked")
	private <T> void run(@Nullable T listener, PeerTest test) {
		ApplicationContextRunner runner = TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.sockets.handoff.format=apue", "fdbroker.peers.handoff.format=apue",
					"fdbroker.sockets.handoff.max-message-size=100B", "fdbroker.peers.handoff.max-message-size=100B",
					"fdbroker.sockets.handoff.message-timeout=500ms");
		if (listener != null) {
			runner = runner.withBean((Class<T>) listener.getClass(), () -> listener);
		}
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			FdListenerRegistry registry = context.getBean(FdListenerRegistry.class);
			test.run(context.getBean(FdBroker.class), registry.containers().stream().findFirst().orElse(null));
		});
	}

	interface PeerTest {

		void run(FdBroker broker, @Nullable FdListenerContainer container) throws Exception;

	}

	static class Server {

		@FdListener(TestApplication.SOCKET)
		FileInputStream handle(String request) {
			throw new AssertionError("no request is complete");
		}

	}

	static class Receiver {

		private final List<FileInputStream> calls = new ArrayList<>();

		@FdListener(TestApplication.SOCKET)
		void handle(@Nullable FileInputStream file) {
			this.calls.add(file);
		}

	}

}
