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

package io.github.fdbroker.web.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sends requests until its standard input ends. Reports each process that answers for the
 * first time, each failure, and how many requests there were up to now; at last, how long
 * they took.
 */
final class LoadClient {

	private static final long PROGRESS_MILLIS = 100;

	private static final long HALF_SECOND = 500_000_000;

	private final List<LoadThread> threads = new ArrayList<>();

	private final Set<Long> processes = ConcurrentHashMap.newKeySet();

	/** When a further process answered for the first time, or what was told. */
	private final List<Long> instants = new CopyOnWriteArrayList<>();

	private volatile boolean stopping;

	private LoadClient() {
	}

	/**
	 * Run the client.
	 * @param arguments the port, the modes, the number of connections, and how long each
	 * of them pauses after a request, in nanoseconds
	 */
	public static void main(String... arguments) throws Exception {
		LoadClient client = new LoadClient();
		for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
			client.threads.add(new LoadThread(client,
					new HttpConnection(Integer.parseInt(arguments[0]), LoadMode.of(arguments[1], i)),
					Long.parseLong(arguments[3])));
		}
		client.run();
	}

	private void run() throws IOException, InterruptedException {
		Thread progress = new Thread(this::printProgress);
		progress.setDaemon(true);
		this.threads.forEach(Thread::start);
		progress.start();
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		while (input.readLine() != null) {
			this.instants.add(System.nanoTime());
		}
		this.stopping = true;
		for (LoadThread thread : this.threads) {
			thread.join();
		}
		System.out.println("requests " + requests());
		System.out.println("steady " + latency(false).line());
		System.out.println("around " + latency(true).line());
		System.out.println("end");
	}

	boolean stopping() {
		return this.stopping;
	}

	void answered(long process) {
		if (this.processes.add(process)) {
			if (this.processes.size() > 1) {
				this.instants.add(System.nanoTime());
			}
			System.out.println("process " + process);
		}
	}

	void failed(Failure failure) {
		System.out.println("failed " + failure.line());
	}

	private long requests() {
		return this.threads.stream().mapToLong(LoadThread::requests).sum();
	}

	private void printProgress() {
		while (!this.stopping) {
			System.out.println("requests " + requests());
			try {
				Thread.sleep(PROGRESS_MILLIS);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private Latency latency(boolean around) {
		Histogram times = new Histogram();
		this.threads.forEach((thread) -> times.add(thread.samples().times(around)));
		return Latency.of(times);
	}

	boolean isAround(long end) {
		return this.instants.stream().anyMatch((instant) -> Math.abs(end - instant) <= HALF_SECOND);
	}

}
