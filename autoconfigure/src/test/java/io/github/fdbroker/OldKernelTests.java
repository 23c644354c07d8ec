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
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.OldKernel;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers whose descriptors take as long to close as they like, where nothing can keep
 * these descriptors away: on a kernel without {@code SO_PASSRIGHTS}, and with the
 * transport junixsocket.
 */
@ExtendWith(OutputCaptureExtension.class)
class OldKernelTests {

	private static final int HELD = 8;

	/** More than may hang of one user while others wait for it. */
	private static final int MANY = 120;

	private static final int PLAIN = 500;

	@TempDir
	Path directory;

	@Test
	void strangersWhenClosesOfAnotherHangGoOnBeingRefused() {
		assertRefusedInTime(oldKernel(strangers()));
	}

	@Test
	void strangersWhenClosesOfAnotherHangGoOnBeingRefusedWithJunixsocket() {
		assertRefusedInTime(strangers().withPropertyValues("fdbroker.transport=junixsocket"));
	}

	private void assertRefusedInTime(ApplicationContextRunner runner) {
		runner.run((context) -> {
			try (PeerProcess one = linger(OtherUser.ID, MANY, 0);
					PeerProcess other = linger(OtherUser.THIRD, 40, PLAIN)) {
				awaitRefusals(context, MANY + 40 + PLAIN);
				assertServed();
				assertThat(context.getBean(Closer.class).pending()).isGreaterThanOrEqualTo(MANY + 40);
				assertThat(one.pid()).isNotEqualTo(other.pid());
			}
			awaitNone(context);
			assertServed();
		});
	}

	/**
	 * Together they may leave as many as two users.
	 */
	@Test
	void connectionsWhenClosesOfAllStrangersTogetherReachTheirLimitWaitUntilSomeEnd(CapturedOutput output) {
		oldKernel(strangers()).run((context) -> {
			Background<Boolean> served;
			try (PeerProcess one = linger(OtherUser.ID, MANY, 0);
					PeerProcess other = linger(OtherUser.THIRD, MANY, 0)) {
				Awaitility.await().until(() -> output.getOut().contains("accepts no connections"));
				assertThat(output).contains("goes on accepting");
				served = Background.run(this::assertServed);
				assertThat(one.pid()).isNotEqualTo(other.pid());
			}
			assertThat(served.get()).isTrue();
			awaitNone(context);
		});
	}

	@Test
	void datagramsWhenMoreHangsThanMayBeHeldAreServedAndThenWait(CapturedOutput output) {
		PacketApplication application = new PacketApplication(this.directory, "datagram");
		oldKernel(application.with(TransportMode.NATIVE, new PacketApplication.Echo()))
			.withPropertyValues("fdbroker.peers.handoff.path=" + application.socket(),
					"fdbroker.held-descriptors.total=" + HELD)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				Background<String> asked;
				try (PeerProcess one = PeerProcess.python("linger.py", "datagram", application.socket(), HELD + 1)) {
					assertThat(broker.to("handoff").payload("first").requestPayload(String.class)).isEqualTo("first!");
					assertThat(output).contains("takes no descriptors");
					try (PeerProcess other = PeerProcess.python("linger.py", "datagram", application.socket(), HELD)) {
						Awaitility.await().until(() -> output.getOut().contains("is paused"));
						asked = Background
							.call(() -> broker.to("handoff").payload("next").requestPayload(String.class));
						assertThat(one.pid()).isNotEqualTo(other.pid());
					}
				}
				assertThat(asked.get()).isEqualTo("next!");
				awaitNone(context);
			});
	}

	@Test
	void startWhenDescriptorsAreToBeRefusedEarlyFails() {
		oldKernel(TestApplication.with(this.directory, Listener.class, new Listener()))
			.withPropertyValues("fdbroker.sockets.handoff.refuse-early-descriptors=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("fdbroker.sockets.handoff.refuse-early-descriptors")
				.hasMessageContaining("Linux 6.16"));
	}

	private ApplicationContextRunner strangers() {
		return TestApplication.with(this.directory, Listener.class, new Listener())
			.withPropertyValues("fdbroker.sockets.handoff.mode=0666", "fdbroker.held-descriptors.total=64",
					"fdbroker.held-descriptors.per-user=64");
	}

	private static ApplicationContextRunner oldKernel(ApplicationContextRunner runner) {
		Transports.assumeAvailable(TransportMode.NATIVE);
		return runner.withAllowBeanDefinitionOverriding(true)
			.withBean("fdTransport", Transport.class, OldKernel::transport);
	}

	private PeerProcess linger(int uid, int count, int plain) {
		List<String> command = Peers.python("linger.py", "stream", this.directory.resolve(TestApplication.SOCKET),
				count, plain);
		return PeerProcess.startReady(OtherUser.command(uid, command));
	}

	private static void awaitRefusals(AssertableApplicationContext context, int count) {
		Awaitility.await().until(() -> PacketApplication.refusals(context, RejectionReason.NOT_ALLOWED) >= count);
	}

	private void assertServed() {
		for (int i = 0; i < 10; i++) {
			try (RawPeer healthy = RawPeer.connect(this.directory)) {
				assertThat(healthy.send(MessageKind.REQUEST, i, "hello").reply()).isEqualTo(i + " REPLY hello");
			}
		}
	}

	private static void awaitNone(AssertableApplicationContext context) {
		Awaitility.await().until(() -> context.getBean(Closer.class).pending() == 0);
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) {
			return payload;
		}

	}

}
