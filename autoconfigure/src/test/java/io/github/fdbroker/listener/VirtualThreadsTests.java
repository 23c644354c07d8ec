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

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.UnixOperatingSystemMXBean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.RawPeer;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.VirtualThreads;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Virtual threads wait for messages and replies without blocking a platform thread each.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTests {

	private static final int CROWD = 2500;

	private static final int FEW = 64;

	private static final int REQUESTS = 300;

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@Test
	void connectionsWhenManyAreIdleTakeFewPlatformThreads() {
		assumeDescriptors(2 * CROWD + 1000);
		run((context) -> {
			List<RawPeer> peers = new ArrayList<>();
			int before = platformThreads();
			try {
				for (int i = 0; i < CROWD; i++) {
					peers.add(RawPeer.connect(this.directory));
				}
				for (int i = 0; i < CROWD; i++) {
					assertThat(peers.get(i).ask(i, "echo")).isEqualTo(i + " REPLY echo true");
				}
				assertThat(platformThreads() - before).isLessThan(FEW);
				Awaitility.await().untilAsserted(() -> assertThat(carriersInKernel()).isEmpty());
				context.getSourceApplicationContext().stop();
				peers.forEach(RawPeer::awaitEnd);
			}
			finally {
				peers.forEach(RawPeer::close);
			}
		});
	}

	@Test
	void messagesWhenManyAreSentArriveInOrder() {
		run((context) -> {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				for (int i = 0; i < 5000; i++) {
					peer.send(MessageKind.ONE_WAY, 0, i);
				}
				assertThat(peer.ask(1, "last")).isEqualTo("1 REPLY last true");
			}
			assertThat(this.listener.calls).startsWith("0", "1", "2").endsWith("last").hasSize(5001);
			assertThat(List.copyOf(this.listener.calls).subList(0, 5000))
				.isEqualTo(IntStream.range(0, 5000).mapToObj(String::valueOf).toList());
		});
	}

	@Test
	void requestsWhenManyVirtualThreadsWaitForRepliesTakeFewPlatformThreads() {
		run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			int before = platformThreads();
			Set<String> blockedBefore = threadsNamed("fd-blocking-");
			List<FutureTask<String>> requests = new ArrayList<>();
			for (int i = 0; i < REQUESTS; i++) {
				FutureTask<String> request = new FutureTask<>(
						() -> broker.to(TestApplication.SOCKET).payload("together").requestPayload(String.class));
				requests.add(request);
				VirtualThreads.start(request, "request");
			}
			for (FutureTask<String> request : requests) {
				assertThat(request.get(60, TimeUnit.SECONDS)).isEqualTo("together true");
			}
			assertThat(platformThreads() - before).isLessThan(FEW);
			assertThat(threadsNamed("fd-blocking-")).isSubsetOf(blockedBefore);
		});
	}

	@Test
	void virtualThreadsWhenTheyWaitAreNotPinned() throws IOException {
		Path file = this.directory.resolve("pinned.jfr");
		try (Recording recording = new Recording()) {
			recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
			recording.start();
			requestsWhenManyVirtualThreadsWaitForRepliesTakeFewPlatformThreads();
			recording.stop();
			recording.dump(file);
		}
		assertThat(RecordingFile.readAllEvents(file))
			.noneMatch((event) -> event.toString().contains("io.github.fdbroker"));
	}

	private void run(ContextConsumer<AssertableApplicationContext> test) {
		ApplicationContextRunner application = TestApplication.with(this.directory, Listener.class, this.listener);
		application
			.withPropertyValues("spring.threads.virtual.enabled=true", "fdbroker.sockets.handoff.max-connections=3000",
					"fdbroker.sockets.handoff.max-connections-per-user=3000",
					"fdbroker.peers.handoff.max-connections=" + REQUESTS)
			.run(test);
	}

	private static void assumeDescriptors(long number) {
		long limit = ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getMaxFileDescriptorCount();
		Assumptions.assumeTrue(limit >= number, "RLIMIT_NOFILE is " + limit);
	}

	private static int platformThreads() throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
			return (int) threads.count();
		}
	}

	private static Set<String> threadsNamed(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.collect(Collectors.toSet());
	}

	/**
	 * Return the system calls in which carrier threads wait, except when idle.
	 */
	private static List<String> carriersInKernel() throws IOException {
		List<String> waiting = new ArrayList<>();
		try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
			for (Path thread : threads.toList()) {
				String function = Files.readString(thread.resolve("wchan"));
				if (Files.readString(thread.resolve("comm")).startsWith("ForkJoinPool-1-") && !function.equals("0")
						&& !function.startsWith("futex")) {
					waiting.add(function);
				}
			}
		}
		return waiting;
	}

	static class Listener {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final CountDownLatch together = new CountDownLatch(REQUESTS);

		@FdListener(TestApplication.SOCKET)
		String handle(String payload) throws InterruptedException {
			this.calls.add(payload);
			if (payload.equals("together")) {
				this.together.countDown();
				this.together.await();
			}
			return payload + " " + VirtualThreads.isVirtual(Thread.currentThread());
		}

	}

}
