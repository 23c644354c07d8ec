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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import io.github.fdbroker.testsupport.VirtualThreads;

/**
 * Tells when a thread waits in a system call.
 */
final class KernelWait {

	private static final Path THREADS = Path.of("/proc/self/task");

	private static final Set<Thread.State> WAITING = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

	private KernelWait() {
	}

	/**
	 * Wait until a platform thread with a name of 15 letters at most waits in the kernel
	 * for anything but another thread, or a virtual thread waits, which it does outside
	 * of the kernel.
	 */
	static void await(Thread thread) {
		if (VirtualThreads.isVirtual(thread)) {
			Awaitility.await().until(() -> WAITING.contains(thread.getState()));
			return;
		}
		Awaitility.await().until(() -> {
			try (Stream<Path> threads = Files.list(THREADS)) {
				return threads.anyMatch((task) -> isWaiting(task, thread.getName()));
			}
		});
	}

	private static boolean isWaiting(Path task, String name) {
		try {
			String function = Files.readString(task.resolve("wchan"));
			return Files.readString(task.resolve("comm")).trim().equals(name) && !function.equals("0")
					&& !function.startsWith("futex");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
