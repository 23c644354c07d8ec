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

import java.lang.reflect.Method;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Runs test methods on virtual threads, and starts further ones. Registered by the tests
 * of code that has to work on virtual threads as well.
 */
public final class VirtualThreads implements InvocationInterceptor {

	private static final int FIRST_VERSION = 21;

	/**
	 * Whether this version of Java has virtual threads.
	 */
	public static boolean areAvailable() {
		return Runtime.version().feature() >= FIRST_VERSION;
	}

	/**
	 * Skip the test on a version of Java without virtual threads.
	 */
	public static void assumeAvailable() {
		Assumptions.assumeTrue(areAvailable(), "virtual threads take Java " + FIRST_VERSION);
	}

	/**
	 * Start a virtual thread.
	 */
	public static Thread start(Runnable task, String name) {
		Thread thread = new VirtualThreadTaskExecutor().getVirtualThreadFactory().newThread(task);
		thread.setName(name);
		thread.start();
		return thread;
	}

	/**
	 * Whether a thread is a virtual one.
	 */
	public static boolean isVirtual(Thread thread) {
		return thread.getClass().getName().contains("Virtual");
	}

	@Override
	public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
			ExtensionContext context) throws Throwable {
		run(invocation);
	}

	@Override
	public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
			ExtensionContext context) throws Throwable {
		run(invocation);
	}

	private static void run(Invocation<Void> invocation) throws Throwable {
		Throwable[] failure = new Throwable[1];
		start(() -> {
			try {
				invocation.proceed();
			}
			catch (Throwable ex) {
				failure[0] = ex;
			}
		}, "test").join();
		if (failure[0] != null) {
			throw failure[0];
		}
	}

}
