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

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Starts new processes that take over from this one, and tells what became of them. Safe
 * for use by several threads.
 */
final class Launcher {

	private static final Log logger = LogFactory.getLog(Launcher.class);

	private final Queue<Launch> launches = new ConcurrentLinkedQueue<>();

	/**
	 * Start a process.
	 * @throws IOException if it cannot be started
	 */
	Launch launch() throws IOException {
		ProcessHandle process = NewProcess.start();
		logger.info("Process " + process.pid() + " starts, to take over from this one");
		Launch launch = new Launch(process.pid(), new CompletableFuture<>());
		this.launches.add(launch);
		process.onExit().thenAccept((ended) -> ended(ended.pid(), "it has ended, see its log"));
		return launch;
	}

	/**
	 * Note that a process serves.
	 */
	void serves(OtherProcess process) {
		this.launches.stream()
			.filter((launch) -> launch.pid() == process.pid())
			.forEach((launch) -> launch.outcome().complete("process " + launch.pid() + " serves"));
	}

	/**
	 * Note that a process does not take over.
	 */
	void ended(long pid, String reason) {
		this.launches.stream().filter((launch) -> launch.pid() == pid).forEach((launch) -> {
			if (launch.outcome().completeExceptionally(new IOException(reason))) {
				logger.warn("Process %d does not take over: %s".formatted(pid, reason));
			}
			this.launches.remove(launch);
		});
	}

	/**
	 * A new process.
	 *
	 * @param pid its id
	 * @param outcome completed when it serves, or exceptionally when it will not
	 */
	record Launch(long pid, CompletableFuture<String> outcome) {

	}

}
