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

package io.github.fdbroker.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Clients that send one request after the other. Every other one keeps its connection.
 */
final class LoadClients implements AutoCloseable {

	private final InetSocketAddress address;

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final AtomicInteger requests = new AtomicInteger();

	private final List<Thread> threads;

	private volatile boolean stopping;

	LoadClients(InetSocketAddress address, int clients) {
		this.address = address;
		this.threads = IntStream.range(0, clients)
			.mapToObj((number) -> new Thread(() -> run(number % 2 == 0)))
			.toList();
		this.threads.forEach(Thread::start);
	}

	private void run(boolean keep) {
		while (!this.stopping) {
			try (HttpConnection connection = new HttpConnection(this.address)) {
				do {
					connection.send();
					connection.receive();
					this.requests.incrementAndGet();
				}
				while (keep && !connection.isEnded() && !this.stopping);
			}
			catch (IOException | RuntimeException ex) {
				this.failures.add(ex);
			}
		}
	}

	/**
	 * Wait until so many further requests are served, or one has failed.
	 */
	void await(int further) throws InterruptedException {
		int expected = this.requests.get() + further;
		while (this.requests.get() < expected && this.failures.isEmpty()) {
			Thread.sleep(1);
		}
	}

	List<Throwable> failures() {
		return this.failures;
	}

	@Override
	public void close() throws InterruptedException {
		this.stopping = true;
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

}
