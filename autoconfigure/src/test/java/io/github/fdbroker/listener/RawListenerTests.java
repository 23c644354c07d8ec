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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener for peers that do not use frames.
 */
class RawListenerTests {

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@Test
	void bytesWhenMethodReturnsSomethingAreAnsweredWithThat() {
		run((container) -> {
			try (RawPeer peer = connect()) {
				assertThat(peer.write("hello").read()).isEqualTo("hello and null");
				assertThat(peer.write("again").read()).isEqualTo("again and null");
			}
		});
	}

	@Test
	void bytesWhenDescriptorComesWithThemAreOneMessage() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		run((container) -> {
			try (RawPeer peer = connect(); FileInputStream stream = new FileInputStream(file.toFile())) {
				assertThat(peer.write("with", stream.getFD()).read()).isEqualTo("with and content");
				assertThat(peer.write("without").read()).isEqualTo("without and null");
			}
			assertThat(container.counters().traffic().descriptorsReceived()).isOne();
		});
	}

	@Test
	void bytesWhenMethodReturnsNothingAreNotAnswered() {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.write("silent");
				Awaitility.await().until(() -> this.listener.calls.contains("silent"));
				assertThat(peer.write("hello").read()).isEqualTo("hello and null");
			}
		});
	}

	@Test
	void connectionWhenMethodThrowsIsClosed() {
		run((container) -> {
			try (RawPeer peer = connect(); RawPeer other = connect()) {
				assertThat(other.write("hello").read()).isEqualTo("hello and null");
				peer.write("throw", FileDescriptor.in);
				assertThat(peer.read()).isNull();
				assertThat(other.write("again").read()).isEqualTo("again and null");
			}
		});
	}

	@Test
	void repliesWhenMethodIsAsynchronousKeepTheOrder() {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.write("async");
				Awaitility.await().until(() -> this.listener.futures.size() == 1);
				peer.write("hello");
				assertThat(this.listener.calls).containsExactly("async");
				this.listener.futures.remove().complete("first");
				// One read may return both.
				StringBuilder replies = new StringBuilder();
				while (!replies.toString().endsWith("null")) {
					replies.append(peer.read());
				}
				assertThat(replies).hasToString("firsthello and null");
			}
		});
	}

	@Test
	void descriptorsWhenMoreThanMaximumEndTheConnection() {
		run((container) -> {
			try (RawPeer peer = connect()) {
				peer.write("three", FileDescriptor.in, FileDescriptor.in, FileDescriptor.in);
				peer.awaitEnd();
			}
			Awaitility.await().until(() -> container.counters().refusals(RejectionReason.LIMIT_EXCEEDED) == 1);
			assertThat(this.listener.calls).isEmpty();
		});
	}

	private RawPeer connect() {
		return RawPeer.connect(this.directory);
	}

	private void run(ContainerTest test) {
		TestApplication.with(this.directory, Listener.class, this.listener)
			.withPropertyValues("fdbroker.sockets.handoff.format=raw", "fdbroker.sockets.handoff.max-descriptors=2")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.run(context.getBean(FdListenerRegistry.class).containers().iterator().next());
			});
	}

	interface ContainerTest {

		void run(FdListenerContainer container) throws Exception;

	}

	static class Listener {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final Queue<CompletableFuture<Object>> futures = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		@Nullable Object handle(String payload, @Nullable FileInputStream file) throws IOException {
			this.calls.add(payload);
			switch (payload) {
				case "silent":
					return null;
				case "throw":
					throw new IllegalStateException("thrown");
				case "async":
					CompletableFuture<Object> future = new CompletableFuture<>();
					this.futures.add(future);
					return future;
				default:
					return payload + " and " + ((file != null) ? new String(file.readAllBytes()) : null);
			}
		}

	}

}
