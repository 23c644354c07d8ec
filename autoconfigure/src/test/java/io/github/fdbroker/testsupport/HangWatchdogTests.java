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

package io.github.fdbroker.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HangWatchdog}.
 */
class HangWatchdogTests {

	private final CountDownLatch latch = new CountDownLatch(1);

	@Test
	void watchdogWhenTestsRunIsThere() {
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).contains(HangWatchdog.THREAD);
	}

	@Test
	void watchWhenTimeIsOverPrintsWherePlatformThreadHangs() throws Exception {
		Background<Boolean> hanging = Background.run(this::hang).awaitWaiting();
		assertThatDumpShowsHang();
		this.latch.countDown();
		hanging.get();
	}

	@Test
	void watchWhenTimeIsOverPrintsWhereVirtualThreadHangs() throws Exception {
		VirtualThreads.assumeAvailable();
		Thread hanging = VirtualThreads.start(this::hangQuietly, "hanging");
		Awaitility.await().until(() -> hanging.getState() == Thread.State.WAITING);
		assertThatDumpShowsHang();
		this.latch.countDown();
		hanging.join();
	}

	private static void assertThatDumpShowsHang() {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		HangWatchdog.watch(Duration.ZERO, new PrintStream(output, true));
		Awaitility.await()
			.untilAsserted(() -> assertThat(output.toString()).contains("longer than PT0S",
					"HangWatchdogTests.hang(HangWatchdogTests.java"));
	}

	private void hang() throws InterruptedException {
		this.latch.await();
	}

	private void hangQuietly() {
		try {
			hang();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
