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

package io.github.fdbroker.takeover;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.fdbroker.testsupport.RawPeer;

/**
 * A client that sends one request after the other, each on a connection of its own.
 */
final class Requests implements AutoCloseable {

	private final Path directory;

	private final Set<String> processes = ConcurrentHashMap.newKeySet();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final Thread thread = new Thread(this::run);

	private volatile boolean closed;

	Requests(Path directory) {
		this.directory = directory;
		this.thread.start();
	}

	private void run() {
		while (!this.closed) {
			try (RawPeer peer = RawPeer.connect(this.directory)) {
				this.processes.add(peer.ask(1, "pid"));
			}
			catch (RuntimeException | Error ex) {
				this.failures.add(ex);
			}
		}
	}

	/**
	 * Return what processes have replied.
	 */
	Set<String> processes() {
		return this.processes;
	}

	/**
	 * Return the requests that failed.
	 */
	List<Throwable> failures() {
		return this.failures;
	}

	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.thread.join();
	}

}
