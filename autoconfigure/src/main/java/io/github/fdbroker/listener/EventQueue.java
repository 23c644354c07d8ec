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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.fdbroker.FdEvent;

/**
 * Events that happen while a lock is held, and are published in their order once it is
 * released. Safe for use by several threads.
 */
final class EventQueue {

	private final Consumer<FdEvent> receiver;

	private final Queue<FdEvent> waiting = new ConcurrentLinkedQueue<>();

	/** How many threads want to publish; the first one does it for all. */
	private final AtomicInteger publishing = new AtomicInteger();

	/**
	 * Create a queue.
	 * @param receiver receives the events, and throws no exception
	 */
	EventQueue(Consumer<FdEvent> receiver) {
		this.receiver = receiver;
	}

	void add(FdEvent event) {
		this.waiting.add(event);
	}

	/**
	 * Publish the events that wait, unless another thread does.
	 */
	void publish() {
		if (this.publishing.getAndIncrement() == 0) {
			int wanted = 1;
			while (wanted > 0) {
				publishWaiting();
				wanted = this.publishing.addAndGet(-wanted);
			}
		}
	}

	private void publishWaiting() {
		FdEvent event = this.waiting.poll();
		while (event != null) {
			this.receiver.accept(event);
			event = this.waiting.poll();
		}
	}

}
