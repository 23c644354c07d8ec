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

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is read from a peer that is refused: the kernel reports to the peer that its
 * data and descriptors were discarded unread.
 */
class RefusedPeerTests {

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@Test
	void peerWhenOfOtherUserIsRefusedUnread() {
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withPropertyValues("fdbroker.sockets.handoff.mode=0666")
			.run((context) -> {
				assertThat(Peers.run(OtherUser.command(push())).output()).contains("unread");
				assertThat(this.listener.called).hasValue(0);
			});
	}

	@Test
	void peerWhenDescriptorsWaitIsRefusedBeforeTheyAreReceived() {
		CountDownLatch sent = new CountDownLatch(1);
		List<String> open = new CopyOnWriteArrayList<>();
		PeerAuthorizer authorizer = (peer, socket) -> {
			awaitUninterruptibly(sent);
			open.addAll(FdLedger.open().values());
			return false;
		};
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withBean(PeerAuthorizer.class, () -> authorizer)
			.run((context) -> {
				try (PeerProcess peer = PeerProcess.start(push())) {
					assertThat(peer.readLine()).isEqualTo("sent");
					sent.countDown();
					assertThat(peer.readLine()).isEqualTo("unread");
				}
				assertThat(open).isNotEmpty().doesNotContain("/dev/zero");
				assertThat(this.listener.called).hasValue(0);
			});
	}

	@Test
	void peerWhenAuthorizerThrowsIsRefusedUnread() {
		PeerAuthorizer authorizer = (peer, socket) -> {
			throw new IllegalStateException("broken");
		};
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withBean(PeerAuthorizer.class, () -> authorizer)
			.run((context) -> assertThat(Peers.run(push()).output()).contains("unread"));
	}

	private List<String> push() {
		return Peers.python("sockets.py", "push", this.directory.resolve(TestApplication.SOCKET));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static class Listener {

		private final AtomicInteger called = new AtomicInteger();

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message) {
			this.called.incrementAndGet();
		}

	}

}
