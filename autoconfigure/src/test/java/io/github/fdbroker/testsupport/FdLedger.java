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

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Compares the descriptors that are open before and after each test, and fails the test
 * that leaves one open, or closes one that is not its own. Registered for all tests.
 */
public final class FdLedger implements BeforeEachCallback, AfterEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(FdLedger.class);

	private static final Path TABLE = Path.of("/proc/self/fd");

	private static final String PATIENCE_MILLIS = "fdledger.patience";

	static {
		// The first channel of a kind opens descriptors that the Java runtime keeps.
		try (FileChannel file = FileChannel.open(Path.of("/dev/null"));
				SocketChannel socket = SocketChannel.open();
				Selector selector = Selector.open()) {
			socket.configureBlocking(false).register(selector, 0);
			selector.selectNow();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		context.getStore(NAMESPACE).put("before", open());
		context.getStore(NAMESPACE).put("threads", threads());
	}

	@Override
	public void afterEach(ExtensionContext context) {
		@SuppressWarnings("unchecked")
		Map<Integer, String> before = context.getStore(NAMESPACE).get("before", Map.class);
		@SuppressWarnings("unchecked")
		Set<Thread> threads = context.getStore(NAMESPACE).get("threads", Set.class);
		awaitNoThreads(threads, patience(context));
		try {
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(5))
				.atMost(patience(context))
				.until(() -> open().equals(before));
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(difference(before, open()));
		}
	}

	/**
	 * Return the threads that serve sockets.
	 */
	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("fd-.*-(acceptor|[0-9]+)")
					&& !thread.getName().startsWith("fd-blocking-"))
			.collect(Collectors.toSet());
	}

	private static void awaitNoThreads(Set<Thread> before, Duration patience) {
		Awaitility.await().pollDelay(Duration.ZERO).atMost(patience).untilAsserted(() -> {
			Set<Thread> left = threads();
			left.removeAll(before);
			if (!left.isEmpty()) {
				throw new AssertionError("Threads left: " + left);
			}
		});
	}

	/**
	 * Threads of other processes and of pools may need a moment to close what they have.
	 */
	private static Duration patience(ExtensionContext context) {
		return context.getConfigurationParameter(PATIENCE_MILLIS, Long::valueOf)
			.map(Duration::ofMillis)
			.orElse(Duration.ofSeconds(5));
	}

	/**
	 * Return the open descriptors and what they are, without those that the Java runtime
	 * opens for itself.
	 */
	public static Map<Integer, String> open() {
		Map<Integer, String> open = new TreeMap<>();
		try (Stream<Path> entries = Files.list(TABLE)) {
			for (Path entry : entries.toList()) {
				String target = target(entry);
				if (!isOfRuntime(target)) {
					open.put(Integer.valueOf(entry.getFileName().toString()), target);
				}
			}
			return open;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String target(Path entry) {
		try {
			return Files.readSymbolicLink(entry).toString();
		}
		catch (IOException ex) {
			// Closed since it was listed, as the descriptor of the listing itself is.
			return TABLE.toString();
		}
	}

	private static boolean isOfRuntime(String target) {
		return target.endsWith(".jar") || target.endsWith("/modules") || target.endsWith("/fd")
				|| target.startsWith("/sys/fs/cgroup/") || target.equals("/dev/random") || target.equals("/dev/urandom")
				|| isOfLibffi(target);
	}

	/**
	 * JNA makes its calls by code in a file that libffi keeps open.
	 */
	private static boolean isOfLibffi(String target) {
		return target.matches(".*[/:]ffi\\w{6} \\(deleted\\)|/memfd:libffi \\(deleted\\)");
	}

	private static String difference(Map<Integer, String> before, Map<Integer, String> after) {
		Map<Integer, String> left = new TreeMap<>(after);
		left.entrySet().removeAll(before.entrySet());
		Map<Integer, String> gone = new TreeMap<>(before);
		gone.entrySet().removeAll(after.entrySet());
		return "Descriptors left open: " + left + ", closed though not opened here: " + gone;
	}

}
