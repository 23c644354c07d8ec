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
 * Closes what peers sent on threads of its own. To close a descriptor may take as long as
 * a peer likes: a TCP connection with {@code SO_LINGER} and unsent data (socket(7)), a
 * file of a file system that does not answer. So each user has some threads only, and
 * those of other users are not held up. Safe for use by several threads.
 */
public final class Closer implements AutoCloseable {

	/** How many threads close for one user where no close hangs. */
	private static final int THREADS_AT_ONCE = 4;

	private static final int THREADS_PER_USER = 64;

	private static final int THREADS = 256;

	private static final long HANGING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int IDLE_SECONDS = 10;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS,
			TimeUnit.SECONDS, new SynchronousQueue<>(), threadFactory());

	/** The users for whom something is to be closed. */
	private final Map<Long, User> users = new LinkedHashMap<>();

	private int running;

	/**
	 * Return how many closes are under way or wait for a thread.
	 * @return the number
	 */
	public int pending() {
		synchronized (this.users) {
			return this.users.values().stream().mapToInt(User::pending).sum();
		}
	}

	/**
	 * Close something that a user sent, soon.
	 * @param uid the user
	 * @param close what closes it
	 */
	void close(long uid, Runnable close) {
		synchronized (this.users) {
			this.users.computeIfAbsent(uid, (key) -> new User()).waiting.add(close);
		}
		startWaiting();
	}

	/**
	 * End the threads once all is closed that waits.
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
			// The application ends, or no thread could be created.
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
	 * What is closed for one user.
	 */
	private static final class User {

		private final Deque<Runnable> waiting = new ArrayDeque<>();

		private int running;

		private long latestEnd = System.nanoTime();

		/**
		 * More threads than usual make sense only where those there are hang.
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
