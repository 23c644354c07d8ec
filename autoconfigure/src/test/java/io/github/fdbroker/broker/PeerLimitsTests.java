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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a sender learns where its messages do not suit the socket that they go to.
 */
@ExtendWith(OutputCaptureExtension.class)
class PeerLimitsTests {

	private final Listener listener = new Listener();

	@TempDir
	Path directory;

	@Test
	void sendAsyncWhenServerHasSmallerLimitThanGatheredMessagesDeliversAll() {
		run((broker) -> {
			List<CompletableFuture<Void>> sends = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				sends.add(broker.to("handoff").payload("x".repeat(100)).sendAsync().toCompletableFuture());
			}
			sends.forEach((send) -> assertThat(send).succeedsWithin(20, TimeUnit.SECONDS));
			Awaitility.await().until(() -> this.listener.received.size() == 500);
		}, "fdbroker.sockets.handoff.max-message-size=1KB");
	}

	@Test
	void requestWhenListenerFailsWithLongTextIsAnsweredWithItsBeginning() {
		run((broker) -> assertThatExceptionOfType(FdRemoteException.class)
			.isThrownBy(() -> broker.to("handoff").payload("fail").request())
			.satisfies((ex) -> assertThat(ex.getText()).startsWith("yyy").endsWith("(100000 characters)")));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2000, 10_000_000 })
	void requestWhenPayloadIsTooLongNamesPropertyOfServer(int bytes) {
		run((broker) -> {
			assertThatExceptionOfType(FdRemoteException.class)
				.isThrownBy(() -> broker.to("handoff").payload("x".repeat(bytes)).request())
				.withMessageContaining("exceeds the limit of 1024, see fdbroker.sockets.handoff.max-message-size");
			assertThat(broker.to("handoff").payload("short").requestPayload(String.class)).isEqualTo("ok");
		}, "fdbroker.sockets.handoff.max-message-size=1KB");
	}

	@Test
	void requestWhenDescriptorsAreTooManyNamesPropertyOfServer() {
		run((broker) -> {
			MessageSpec message = broker.to("handoff").payload("x");
			for (int i = 0; i < 17; i++) {
				message.descriptor(Path.of("/dev/null"));
			}
			assertThatExceptionOfType(FdRemoteException.class).isThrownBy(message::request)
				.withMessageContaining("17 descriptors exceeds the limit of 16, see fdbroker.sockets.handoff.max-desc");
		});
	}

	@Test
	void sendWhenEarlierMessageWasRefusedSaysWhyAndTheNextIsSent(CapturedOutput output) {
		run((broker) -> {
			broker.to("handoff").payload("x".repeat(2000)).send();
			Awaitility.await().until(() -> output.toString().contains("the connection is closed"));
			assertThatExceptionOfType(FdRemoteException.class).isThrownBy(() -> Awaitility.await()
				.pollInSameThread()
				.ignoreExceptionsMatching((ex) -> !(ex instanceof FdRemoteException))
				.until(() -> {
					broker.to("handoff").payload("next").send();
					return false;
				})).withMessageContaining("see fdbroker.sockets.handoff.max-message-size");
			this.listener.received.clear();
			broker.to("handoff").payload("one more").send();
			Awaitility.await().until(() -> this.listener.received.contains("one more"));
		}, "fdbroker.sockets.handoff.max-message-size=1KB");
	}

	@Test
	void requestWhenPeerClosesWithoutReplySaysWhereToLook() {
		run((broker) -> assertThatExceptionOfType(FdConnectException.class)
			.isThrownBy(() -> broker.to("handoff")
				.descriptor(Path.of("/dev/null"))
				.descriptor(Path.of("/dev/null"))
				.payload("x")
				.request())
			.withMessageContaining("max-descriptors"), "fdbroker.sockets.handoff.format=raw",
				"fdbroker.peers.handoff.format=raw", "fdbroker.sockets.handoff.max-descriptors=1");
	}

	@Test
	void sendWhenAcknowledgedReturnsAfterListenerAndFailsWithIt() {
		run((broker) -> {
			broker.to("handoff").payload("done").send();
			assertThat(this.listener.received).contains("done");
			assertThat(broker.to("handoff").payload("async").sendAsync()).succeedsWithin(20, TimeUnit.SECONDS);
			assertThat(this.listener.received).contains("async");
			assertThatExceptionOfType(FdRemoteException.class)
				.isThrownBy(() -> broker.to("handoff").payload("fail").send());
			assertThat(broker.to("handoff").payload("fail").sendAsync()).failsWithin(20, TimeUnit.SECONDS)
				.withThrowableThat()
				.withCauseInstanceOf(FdRemoteException.class);
		}, "fdbroker.peers.handoff.acknowledge=true");
	}

	@Test
	void acknowledgeWhenFormatCannotIsRefusedAtStart() {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.peers.handoff.acknowledge=true", "fdbroker.peers.handoff.format=raw")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("fdbroker.peers.handoff.acknowledge"));
	}

	@Test
	void requestWhenServerIsRawSaysSoAtOnceAndServerLogsIt(CapturedOutput output) {
		run((broker) -> {
			assertThatExceptionOfType(FdProtocolException.class)
				.isThrownBy(() -> broker.to("handoff").payload("hello").request())
				.withMessageContaining("but received 0x6f6b; is the peer's format 'frame'?");
			Awaitility.await().until(() -> output.toString().contains("see fdbroker.sockets.handoff.format"));
		}, "fdbroker.sockets.handoff.format=raw");
	}

	private void run(BrokerTest test, String... properties) {
		ApplicationContextRunner runner = TestApplication.with(this.directory, Listener.class, this.listener);
		runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdBroker.class));
		});
	}

	/**
	 * What to do with a broker.
	 */
	private interface BrokerTest {

		void run(FdBroker broker) throws Exception;

	}

	static class Listener {

		private final Queue<String> received = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			if (payload.equals("fail")) {
				throw new FdException("y".repeat(100_000));
			}
			this.received.add(payload);
			return "ok";
		}

	}

}
