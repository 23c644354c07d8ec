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

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * A call on a thread of its own.
 *
 * @param <T> the type of its result
 */
public final class Background<T> {

	private static final Set<Thread.State> WAITING = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

	/** The native methods of the Java runtime and of junixsocket that may wait. */
	private static final Set<String> IN_KERNEL = Set.of("read0", "readv0", "write0", "writev0", "poll", "accept0",
			"receive0", "accept", "receive");

	private final FutureTask<T> task;

	private final Thread thread;

	private Background(Callable<T> call) {
		this.task = new FutureTask<>(call);
		this.thread = new Thread(this.task, "background");
		this.thread.setDaemon(true);
	}

	/**
	 * Start a call.
	 */
	public static <T> Background<T> call(Callable<T> call) {
		Background<T> background = new Background<>(call);
		background.thread.start();
		return background;
	}

	/**
	 * Start a call without a result.
	 */
	public static Background<Boolean> run(Action action) {
		return call(() -> {
			action.run();
			return true;
		});
	}

	/**
	 * Wait until the call waits for something in Java.
	 */
	public Background<T> awaitWaiting() {
		Awaitility.await().until(() -> WAITING.contains(this.thread.getState()));
		return this;
	}

	/**
	 * Wait until the call waits in a system call, where it runs as far as Java knows.
	 */
	public Background<T> awaitInKernel() {
		Awaitility.await().until(this::isInKernel);
		return this;
	}

	private boolean isInKernel() {
		StackTraceElement[] stack = this.thread.getStackTrace();
		return stack.length > 0 && stack[0].isNativeMethod() && IN_KERNEL.contains(stack[0].getMethodName());
	}

	/**
	 * Whether the call has ended.
	 */
	public boolean isDone() {
		return this.task.isDone();
	}

	/**
	 * Interrupt the call.
	 */
	public void interrupt() {
		this.thread.interrupt();
	}

	/**
	 * Wait for the result.
	 */
	public T get() throws Exception {
		return this.task.get(20, TimeUnit.SECONDS);
	}

	/**
	 * What may throw anything.
	 */
	public interface Action {

		/**
		 * Run.
		 */
		void run() throws Exception;

	}

}
