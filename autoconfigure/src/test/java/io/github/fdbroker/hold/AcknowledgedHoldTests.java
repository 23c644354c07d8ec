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

package io.github.fdbroker.hold;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdException;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Proof;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is killed under a load of acknowledged sends: what a sender was told to
 * be processed was processed.
 */
class AcknowledgedHoldTests {

	private static final int THREADS = 4;

	private static final int TOLD_PER_ROUND = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Set<Integer> told = ConcurrentHashMap.newKeySet();

	private final AtomicInteger sent = new AtomicInteger();

	private final AtomicBoolean stopped = new AtomicBoolean();

	@TempDir
	Path directory;

	@Test
	void sendWhenAcknowledgedWasProcessedWhateverIsKilled() {
		killUnderLoad(3);
	}

	@Proof
	void sendWhenAcknowledgedWasProcessedWhateverIsKilledFiftyTimes() {
		killUnderLoad(50);
	}

	private void killUnderLoad(int rounds) {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.peers.handoff.acknowledge=true")
			.run((context) -> {
				List<Background<Boolean>> senders = IntStream.range(0, THREADS)
					.mapToObj((index) -> Background.run(() -> sendUntilStopped(context.getBean(FdBroker.class))))
					.toList();
				try {
					for (int i = 0; i < rounds; i++) {
						killOnce();
					}
				}
				finally {
					this.stopped.set(true);
				}
				for (Background<Boolean> sender : senders) {
					assertThat(sender.get()).isTrue();
				}
			});
		assertAllProcessed(rounds);
	}

	private void killOnce() {
		int before = this.told.size();
		try (PeerProcess server = PeerProcess.startReady(ChildJvm.command(Application.class,
				"--fdbroker.directory=" + this.directory, "--fdbroker.sockets.handoff.path=" + TestApplication.SOCKET,
				"--processed=" + processed(), "--spring.main.banner-mode=off", "--logging.level.root=off"))) {
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> server.pid() > 0 && this.told.size() - before >= TOLD_PER_ROUND);
		}
	}

	/**
	 * Both ways to send, with a descriptor.
	 */
	private void sendUntilStopped(FdBroker broker) {
		while (!this.stopped.get()) {
			int number = this.sent.incrementAndGet();
			try {
				MessageSpec message = broker.to("handoff")
					.payload(String.valueOf(number))
					.descriptor(Path.of("/dev/null"));
				if (number % 2 == 0) {
					message.send();
				}
				else {
					message.sendAsync().toCompletableFuture().join();
				}
				this.told.add(number);
			}
			catch (FdException | CompletionException ex) {
				// Nobody was told that it was processed.
			}
		}
	}

	private void assertAllProcessed(int rounds) {
		Set<Integer> processed = ConcurrentHashMap.newKeySet();
		try {
			Files.readAllLines(processed()).forEach((line) -> processed.add(Integer.valueOf(line)));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		System.out.printf("%d kills: %,d messages, %,d told to be processed, %,d processed%n", rounds, this.sent.get(),
				this.told.size(), processed.size());
		assertThat(this.told).hasSizeGreaterThanOrEqualTo(rounds * TOLD_PER_ROUND);
		assertThat(processed).containsAll(this.told);
	}

	private Path processed() {
		return this.directory.resolve("processed");
	}

	/**
	 * Writes the number of each message that it has processed into a file.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class Application {

		private final Path processed;

		Application(Environment environment) {
			this.processed = Path.of(environment.getRequiredProperty("processed"));
		}

		public static void main(String[] args) throws Exception {
			SpringApplication.run(Application.class, args);
			System.out.println("ready");
			Thread.currentThread().join();
		}

		@FdListener("handoff")
		void handle(String number, OwnedFd descriptor) throws IOException {
			Files.write(this.processed, (number + "\n").getBytes(StandardCharsets.US_ASCII), StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}

	}

}
