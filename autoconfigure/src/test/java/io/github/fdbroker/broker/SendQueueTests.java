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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.messaging.converter.ByteArrayMessageConverter;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.RawServer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SendQueue}.
 */
class SendQueueTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final MessageComposer composer = new MessageComposer(new ByteArrayMessageConverter(),
			new FdSources(List.of()));

	@TempDir
	Path directory;

	@Test
	void sendAsyncWhenSystemHasNoThreadGoesOutAllTheSameAndSoDoesTheNext() throws Exception {
		AtomicInteger started = new AtomicInteger();
		ThreadFactory threads = (task) -> {
			if (started.getAndIncrement() == 0) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return new Thread(task, "sender");
		};
		try (RawServer server = RawServer.listen(this.directory)) {
			SendQueue queue = queue(threads);
			CompletionStage<Void> first = queue
				.sendAsync(this.composer.compose(OutgoingFdMessage.of("first".getBytes())));
			first.toCompletableFuture().get(20, TimeUnit.SECONDS);
			try (RawPeer peer = server.accept()) {
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY first");
				CompletionStage<Void> next = queue
					.sendAsync(this.composer.compose(OutgoingFdMessage.of("next".getBytes())));
				assertThat(peer.reply()).isEqualTo("0 ONE_WAY next");
				next.toCompletableFuture().get(20, TimeUnit.SECONDS);
			}
			assertThat(started).hasValue(2);
			queue.close();
		}
	}

	@Test
	void sendWhenPeerReadsNothingFailsOthersThatWaitedWithTheFirst() throws Exception {
		try (RawServer server = RawServer.listen(this.directory)) {
			SendQueue queue = queue(Thread::new, Duration.ofSeconds(1));
			OutgoingMessage large = this.composer.compose(OutgoingFdMessage.of(new byte[8_000_000]));
			List<Background<String>> sends = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				sends.add(Background.call(() -> failure(queue, large)));
			}
			List<String> failures = new ArrayList<>();
			for (Background<String> send : sends) {
				failures.add(send.get());
			}
			assertThat(failures).anyMatch((failure) -> failure.contains("the peer took nothing for 1000 ms"))
				.anyMatch((failure) -> failure.startsWith("Other messages were being sent to peer 'peer' for 1000 ms")
						|| failure.startsWith("Nothing was sent after another send failed"));
			queue.close();
		}
	}

	@Test
	void sendAsyncWhenDescriptorsOfAllPeersAreTooManyFailsAndNamesTheLimit() {
		SendQueue queue = queue(Thread::new);
		List<CompletionStage<Void>> sends = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			sends.add(queue.sendAsync(this.composer
				.compose(OutgoingFdMessage.builder().descriptor(Path.of("/dev/null")).payload(new byte[1]).build())));
		}
		assertThat(sends.get(2)).isCompletedExceptionally();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> sends.get(2).toCompletableFuture().get())
			.withCauseInstanceOf(FdLimitException.class)
			.withMessageContaining("RLIMIT_NOFILE");
		queue.close();
		assertThat(sends).allMatch((send) -> send.toCompletableFuture().isCompletedExceptionally());
	}

	@Test
	void closeWhenConnectIsUnderWayEndsIt() throws Exception {
		SendQueue queue = queue(Thread::new);
		OutgoingMessage message = this.composer.compose(OutgoingFdMessage.of(new byte[1]));
		Background<String> send = Background.call(() -> failure(queue, message)).awaitWaiting();
		queue.close();
		assertThat(send.get()).doesNotContain("within");
	}

	private static String failure(SendQueue queue, OutgoingMessage message) {
		try {
			queue.send(message);
			return "none";
		}
		catch (FdTimeoutException | FdConnectException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private SendQueue queue(ThreadFactory threads) {
		return queue(threads, TIMEOUT);
	}

	private SendQueue queue(ThreadFactory threads, Duration sendTimeout) {
		DestinationSettings messages = new DestinationSettings("peer", "peer 'peer'", Format.FRAME,
				new WireLimits("test", 1024, 1, null, null), sendTimeout, TIMEOUT, 10);
		PeerSettings settings = new PeerSettings(new SocketPath("peer", this.directory.resolve(TestApplication.SOCKET)),
				SocketType.STREAM, messages, (peer, socket) -> true, TIMEOUT, 1, false, null);
		PeerConnector connector = new PeerConnector(settings, TransportMode.AUTO.select(), new FdConverters(List.of()));
		return new SendQueue(messages, new SendConnection(connector), new WaitingDescriptors(2), threads);
	}

}
