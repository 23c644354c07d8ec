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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.Background;

import static io.github.fdbroker.socket.FaultyCalls.after;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdDatagramSocket}.
 */
class FdDatagramSocketTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Test
	void sendWhenSeveralThreadsDoGoesOneAfterTheOther(@TempDir Path directory) throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch second = new CountDownLatch(1);
		AtomicBoolean together = new AtomicBoolean();
		FaultyCalls calls = new FaultyCalls().onSend(after(() -> {
			first.countDown();
			together.set(isReached(second));
		}), after(second::countDown));
		UnixAddress there = UnixAddress.of(directory.resolve("there").toString());
		FileDescriptor bound = Kernel.calls().socket(SocketType.DATAGRAM);
		Kernel.calls().bind(bound, there.name());
		SocketPath path = new SocketPath("there", directory.resolve("there"));
		try (FdDatagramSocket receiver = FdDatagramSocket.adopt(path, bound, new NativeTransport(), TIMEOUT);
				FdDatagramSocket sender = FdDatagramSocket.open("here", calls.transport(), TIMEOUT)) {
			Background<Boolean> one = Background
				.run(() -> sender.send(MessageSocketPair.bytes("one"), List.of(), there));
			first.await();
			Background<Boolean> other = Background
				.run(() -> sender.send(MessageSocketPair.bytes("other"), List.of(), there));
			one.get();
			other.get();
			assertThat(together).isFalse();
			for (int length : new int[] { 3, 5 }) {
				ByteBuffer into = ByteBuffer.allocateDirect(10);
				receiver.receive(into);
				assertThat(into.position()).isEqualTo(length);
			}
		}
	}

	/**
	 * Give the other thread time to be where it should not be.
	 */
	private static boolean isReached(CountDownLatch latch) {
		try {
			return latch.await(200, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
