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

package io.github.fdbroker.system;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Runs calls that block in the kernel on platform threads: there a virtual thread would
 * block its carrier thread.
 */
public final class PlatformThreads {

	/** {@code Thread.isVirtual()}, or {@code null} before Java 21. */
	private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

	private static final Executor EXECUTOR = Executors.newCachedThreadPool(daemons());

	private PlatformThreads() {
	}

	/**
	 * Make a call, on this thread if it is a platform thread, else on another one. This
	 * thread waits for that one, also if it is interrupted: the result of the call must
	 * not be lost.
	 */
	public static <T> @Nullable T call(BlockingCall<T> call) throws IOException {
		return isVirtual() ? callElsewhere(call) : call.run();
	}

	/**
	 * Run something that may block, as {@link #call}.
	 * @param task the task
	 */
	public static void run(Runnable task) {
		if (isVirtual()) {
			CompletableFuture.runAsync(task, EXECUTOR).join();
		}
		else {
			task.run();
		}
	}

	private static <T> @Nullable T callElsewhere(BlockingCall<T> call) throws IOException {
		try {
			return CompletableFuture.supplyAsync(() -> {
				try {
					return call.run();
				}
				catch (IOException ex) {
					throw new CompletionException(ex);
				}
			}, EXECUTOR).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof IOException io) {
				throw io;
			}
			throw ex;
		}
	}

	/**
	 * Whether the current thread is a virtual one.
	 */
	public static boolean isVirtual() {
		try {
			return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable MethodHandle findIsVirtual() {
		try {
			return MethodHandles.publicLookup()
				.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static CustomizableThreadFactory daemons() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-blocking-");
		threads.setDaemon(true);
		return threads;
	}

	/**
	 * A call that may block in the kernel.
	 *
	 * @param <T> the type of its result
	 */
	public interface BlockingCall<T> {

		@Nullable T run() throws IOException;

	}

}
