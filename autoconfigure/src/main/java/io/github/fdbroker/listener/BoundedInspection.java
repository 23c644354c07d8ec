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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Asks the kernel about descriptors without waiting for long: fstat(2) hangs if a network
 * file system does not respond. Safe for use by several threads.
 */
final class BoundedInspection implements AutoCloseable {

	/** The maximum number of threads, including those that hang. */
	private static final int THREADS = 8;

	private static final int IDLE_SECONDS = 10;

	private static final int PATIENCE_MILLIS = 500;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
			new SynchronousQueue<>(), threadFactory());

	/**
	 * Run a task on another thread, and wait for it for a limited time.
	 */
	void run(Runnable task) {
		try {
			CompletableFuture.runAsync(task, this.threads)
				.completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
				.join();
		}
		catch (RejectedExecutionException ex) {
			// All threads hang, so the result stays unknown.
		}
	}

	@Override
	public void close() {
		this.threads.shutdown();
	}

	private static CustomizableThreadFactory threadFactory() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-inspection-");
		threads.setDaemon(true);
		return threads;
	}

}
