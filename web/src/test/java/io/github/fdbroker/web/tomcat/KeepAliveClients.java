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

package io.github.fdbroker.web.tomcat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Clients that send requests of all kinds until they are told to end.
 */
final class KeepAliveClients implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<Integer>> clients = new ArrayList<>();

	private volatile boolean ended;

	KeepAliveClients(int count, InetSocketAddress address) {
		for (int i = 0; i < count; i++) {
			int seed = i;
			this.clients.add(this.threads.submit(() -> run(address, seed)));
		}
	}

	private int run(InetSocketAddress address, int seed) throws Exception {
		try (KeepAliveClient client = new KeepAliveClient(address, seed)) {
			while (!this.ended) {
				client.exchangeSome();
			}
			return client.sent();
		}
	}

	/**
	 * Whether no client has failed so far.
	 */
	boolean areRunning() {
		return this.clients.stream().noneMatch(Future::isDone);
	}

	/**
	 * Let the clients finish.
	 * @return how many requests they have sent, each of which brought the right response
	 */
	int end() throws Exception {
		this.ended = true;
		int sent = 0;
		for (Future<Integer> client : this.clients) {
			sent += client.get(30, TimeUnit.SECONDS);
		}
		return sent;
	}

	@Override
	public void close() {
		this.ended = true;
		this.threads.shutdown();
	}

}
