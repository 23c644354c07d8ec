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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.fdbroker.system.Epoll;

/**
 * A thread that waits. As in the kernel, an interrupt does not wake it.
 */
final class Waiter {

	private final int events;

	private final CountDownLatch woken = new CountDownLatch(1);

	Waiter(int events) {
		this.events = events;
	}

	boolean wake(int happened) {
		boolean concerned = (happened & (this.events | Epoll.ENDED)) != 0;
		if (concerned) {
			wake();
		}
		return concerned;
	}

	void wake() {
		this.woken.countDown();
	}

	/**
	 * Return the events that the thread waits for.
	 */
	int events() {
		return this.events;
	}

	boolean await(int timeoutMillis) {
		boolean interrupted = false;
		try {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
			while (true) {
				try {
					return (timeoutMillis < 0) ? awaitForever()
							: this.woken.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean awaitForever() throws InterruptedException {
		this.woken.await();
		return true;
	}

}
