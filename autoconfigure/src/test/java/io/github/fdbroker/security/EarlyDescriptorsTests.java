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

package io.github.fdbroker.security;

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kernel refuses descriptors of peers that are not authorized yet, if it is
 * configured to and supports it.
 */
class EarlyDescriptorsTests {

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	private final CountDownLatch asked = new CountDownLatch(1);

	private final CountDownLatch authorized = new CountDownLatch(1);

	@Test
	void descriptorsWhenPeerIsNotAuthorizedYetAreRefusedByTheKernel() {
		assumeRefusable();
		application("true").run((context) -> {
			try (PeerProcess peer = PeerProcess.start(early())) {
				assertThat(peer.readLine()).isEqualTo("EPERM");
				this.authorized.countDown();
				awaitServed();
				peer.writeLine("again");
				assertThat(peer.readLine()).isEqualTo("sent");
				Awaitility.await().until(() -> this.listener.received.get() == 1);
			}
		});
	}

	@Test
	void descriptorsWhenNotToBeRefusedWaitForTheAuthorization() {
		application("false").run((context) -> {
			try (PeerProcess peer = PeerProcess.start(early())) {
				assertThat(peer.readLine()).isEqualTo("sent");
				this.authorized.countDown();
				Awaitility.await().until(() -> this.listener.received.get() == 1);
			}
		});
	}

	@Test
	void sendWhenPeerAuthorizesMeanwhileSucceeds() {
		assumeRefusable();
		application("true").run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			Background<Boolean> sending = Background
				.run(() -> broker.to(TestApplication.SOCKET).descriptor(FileDescriptor.in).send());
			this.asked.await();
			sending.awaitWaiting();
			assertThat(this.listener.received).hasValue(0);
			this.authorized.countDown();
			assertThat(sending.get()).isTrue();
			Awaitility.await().until(() -> this.listener.received.get() == 1);
		});
	}

	@Test
	void startWhenKernelCannotRefuseFails() {
		Assumptions.assumeFalse(canRefuse(), "the kernel can");
		application("true").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.hasMessageContaining("fdbroker.sockets.handoff.refuse-early-descriptors")
			.hasMessageContaining("Linux 6.16"));
	}

	private ApplicationContextRunner application(String refuse) {
		PeerAuthorizer authorizer = (peer, socket) -> {
			this.asked.countDown();
			await(this.authorized);
			return true;
		};
		return TestApplication.with(this.directory, Listener.class, this.listener)
			.withBean(PeerAuthorizer.class, () -> authorizer)
			.withPropertyValues("fdbroker.sockets.handoff.refuse-early-descriptors=" + refuse,
					"fdbroker.sockets.handoff.format=raw", "fdbroker.peers.handoff.format=raw");
	}

	/**
	 * Wait until the only connection is served, and so accepts descriptors.
	 */
	private void awaitServed() {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.anyMatch((thread) -> thread.getName().matches("fd-handoff-[0-9]+")));
	}

	private List<String> early() {
		return Peers.python("sockets.py", "early", this.directory.resolve(TestApplication.SOCKET));
	}

	private static boolean canRefuse() {
		return TransportMode.AUTO.select().system().canRefuseDescriptors();
	}

	private static void assumeRefusable() {
		Assumptions.assumeTrue(canRefuse(), "it takes Linux 6.16");
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static class Listener {

		private final AtomicInteger received = new AtomicInteger();

		@FdListener(TestApplication.SOCKET)
		void handle(OwnedFd descriptor) {
			this.received.incrementAndGet();
		}

	}

}
