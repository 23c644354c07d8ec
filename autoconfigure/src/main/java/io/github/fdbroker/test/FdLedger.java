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

package io.github.fdbroker.test;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Compares the descriptors that are open before and after each test, and fails the test
 * that leaves one open, or closes one that is not its own. The failure names the test and
 * what each descriptor is. Threads get five seconds to close what they have, or as many
 * milliseconds as the configuration parameter {@code fdledger.patience} says.
 * <p>
 * Descriptors that the Java runtime keeps do not count, nor do the connections of a
 * context with {@link AutoConfigureFdBroker}, which the application keeps for later.
 * Tests that run at the same time in one process cannot be told apart. Requires Linux.
 */
public final class FdLedger implements BeforeEachCallback, AfterEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(FdLedger.class);

	private static final String PATIENCE_MILLIS = "fdledger.patience";

	private static final Duration PAUSE = Duration.ofMillis(5);

	@Override
	public void beforeEach(ExtensionContext context) {
		context.getStore(NAMESPACE).put("before", new Snapshot(open(), threads()));
	}

	@Override
	public void afterEach(ExtensionContext context) {
		Snapshot before = context.getStore(NAMESPACE).get("before", Snapshot.class);
		if (before == null) {
			return;
		}
		Duration patience = patience(context);
		if (!holds(() -> before.threads().containsAll(threads()), patience)) {
			Set<Thread> left = new HashSet<>(threads());
			left.removeAll(before.threads());
			throw new AssertionError("Test %s left threads: %s".formatted(name(context), left));
		}
		if (!holds(() -> changes(before).areNone(), patience)) {
			throw new AssertionError("Test %s: %s".formatted(name(context), changes(before)));
		}
	}

	private static DescriptorChanges changes(Snapshot before) {
		return DescriptorChanges.between(before.open(), open());
	}

	/**
	 * Return the open descriptors and what they are, without those that do not count.
	 * @return what each descriptor is, by its number
	 */
	public static Map<Integer, String> open() {
		return OpenDescriptors.list();
	}

	/**
	 * Return the threads that serve sockets, unless a context keeps its connections.
	 */
	private static Set<Thread> threads() {
		if (TestDirectory.isUsed()) {
			return Set.of();
		}
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("fd-.*-(acceptor|[0-9]+)")
					&& !thread.getName().startsWith("fd-blocking-"))
			.collect(Collectors.toSet());
	}

	private static boolean holds(BooleanSupplier condition, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		boolean holds = condition.getAsBoolean();
		while (!holds && System.nanoTime() < end) {
			LockSupport.parkNanos(PAUSE.toNanos());
			holds = condition.getAsBoolean();
		}
		return holds;
	}

	private static Duration patience(ExtensionContext context) {
		return context.getConfigurationParameter(PATIENCE_MILLIS, Long::valueOf)
			.map(Duration::ofMillis)
			.orElse(Duration.ofSeconds(5));
	}

	private static String name(ExtensionContext context) {
		return context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
	}

	private record Snapshot(Map<Integer, String> open, Set<Thread> threads) {

	}

}
