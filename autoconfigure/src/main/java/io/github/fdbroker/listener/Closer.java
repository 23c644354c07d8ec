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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Closes descriptors and connections of peers on its own threads. A peer can make
 * close(2) block for any length of time: a TCP connection with {@code SO_LINGER} and
 * unsent data (socket(7)), or a file on a file system that does not respond. The number
 * of threads per user is therefore limited, so that other users are not delayed. Safe for
 * use by several threads.
 */
public final class Closer implements AutoCloseable {

	/** The maximum number of threads for one user while no close hangs. */
	private static final int THREADS_AT_ONCE = 4;

	private static final int THREADS_PER_USER = 64;

	private static final int THREADS = 256;

	private static final long HANGING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int IDLE_SECONDS = 10;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS,
			TimeUnit.SECONDS, new SynchronousQueue<>(), threadFactory());

	/** The users with pending closes. */
	private final Map<Long, User> users = new LinkedHashMap<>();

	private final RefusedCloses refused = new RefusedCloses();

	private int running;

	/**
	 * Return the refused connections among the closes.
	 */
	RefusedCloses refused() {
		return this.refused;
	}

	/**
	 * Return how many closes are running or waiting for a thread.
	 * @return the number
	 */
	public int pending() {
		synchronized (this.users) {
			return this.users.values().stream().mapToInt(User::pending).sum();
		}
	}

	/**
	 * Close a descriptor or connection of a user asynchronously.
	 * @param uid the user
	 * @param close the action that closes it
	 */
	void close(long uid, Runnable close) {
		synchronized (this.users) {
			this.users.computeIfAbsent(uid, (key) -> new User()).waiting.add(close);
		}
		startWaiting();
	}

	/**
	 * Shut the threads down once all pending closes are done.
	 */
	@Override
	public void close() {
		this.threads.shutdown();
	}

	private void startWaiting() {
		Runnable next = next();
		while (next != null) {
			start(next);
			next = next();
		}
	}

	private void start(Runnable task) {
		try {
			this.threads.execute(task);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// The application is shutting down, or no thread could be created.
			task.run();
		}
	}

	private @Nullable Runnable next() {
		synchronized (this.users) {
			for (Map.Entry<Long, User> entry : this.users.entrySet()) {
				User user = entry.getValue();
				if (this.running < THREADS && user.mayStart(System.nanoTime())) {
					Runnable close = user.waiting.remove();
					user.running++;
					this.running++;
					return () -> run(entry.getKey(), user, close);
				}
			}
			return null;
		}
	}

	private void run(Long uid, User user, Runnable close) {
		try {
			close.run();
		}
		finally {
			synchronized (this.users) {
				this.running--;
				user.ended(System.nanoTime());
				if (user.pending() == 0) {
					this.users.remove(uid);
				}
			}
			startWaiting();
		}
	}

	private static CustomizableThreadFactory threadFactory() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-closer-");
		threads.setDaemon(true);
		return threads;
	}

	/**
	 * The closes of one user.
	 */
	private static final class User {

		private final Deque<Runnable> waiting = new ArrayDeque<>();

		private int running;

		private long latestEnd = System.nanoTime();

		/**
		 * More threads than usual are useful only if the running ones hang.
		 */
		private boolean mayStart(long now) {
			boolean hanging = now - this.latestEnd > HANGING_NANOS;
			return !this.waiting.isEmpty() && this.running < (hanging ? THREADS_PER_USER : THREADS_AT_ONCE);
		}

		private void ended(long now) {
			this.running--;
			this.latestEnd = now;
		}

		private int pending() {
			return this.waiting.size() + this.running;
		}

	}

}
