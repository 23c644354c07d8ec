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

package io.github.fdbroker.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for asynchronous sends to children.
 */
class ChildSendAsyncTests {

	@TempDir
	Path directory;

	@Test
	void sendAsyncWhenChildReadsNothingReturnsAndFailsWhenChildEnds() {
		Children.with(this.directory, (children) -> {
			try (FdChild child = children.start("worker", new ProcessBuilder("sleep", "600"))) {
				List<CompletableFuture<Void>> sends = sendUntilRefused(child);
				CompletableFuture<Void> refused = sends.remove(sends.size() - 1);
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(refused::get)
					.withCauseInstanceOf(FdLimitException.class)
					.withMessageContaining("child 'worker'")
					.withMessageContaining("fdbroker.children.worker.max-pending-sends");
				assertThat(sends).as("more than the socket has room for").anyMatch((send) -> !send.isDone());
				child.process().destroyForcibly();
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> sends.get(sends.size() - 1).get(20, TimeUnit.SECONDS))
					.withCauseInstanceOf(FdConnectException.class);
			}
		}, "max-pending-sends=8", "send-timeout=0");
	}

	@Test
	void sendAsyncWhenMixedWithSendKeepsOrder() {
		Children.with(this.directory, (children) -> {
			try (FdChild child = children.start("worker", new ProcessBuilder(Peers.python("child.py", "serve")))) {
				for (int i = 0; i < 20; i += 2) {
					child.message().payload("" + i).descriptor(Path.of("/dev/null")).sendAsync();
					child.message().payload("" + (i + 1)).send();
				}
				for (int i = 0; i < 20; i++) {
					try (FdMessage message = child.receive(Duration.ofSeconds(20))) {
						assertThat(message.text()).isEqualTo("echo of " + i);
					}
				}
			}
		});
	}

	@Test
	void sendAsyncWhenConnectionIsClosedFails() {
		Children.with(this.directory, (children) -> {
			FdChild child = children.start("worker", new ProcessBuilder("true"));
			assertThat(child.receive()).isNull();
			assertThat(child.message().payload("late").sendAsync().toCompletableFuture())
				.failsWithin(Duration.ofSeconds(20))
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(FdConnectException.class);
		});
	}

	/**
	 * Send until as many messages wait as may; the last one is refused.
	 */
	private static List<CompletableFuture<Void>> sendUntilRefused(FdChild child) {
		List<CompletableFuture<Void>> sends = new ArrayList<>();
		byte[] payload = new byte[100_000];
		while (sends.isEmpty() || !sends.get(sends.size() - 1).isCompletedExceptionally()) {
			sends.add(child.message().payload(payload).sendAsync().toCompletableFuture());
		}
		return sends;
	}

}
