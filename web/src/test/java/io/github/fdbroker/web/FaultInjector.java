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
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.fdbroker.web.load.Failure;

/**
 * Does something to a process as soon as a step of the take-over is printed.
 */
final class FaultInjector implements Consumer<String> {

	private final Signals signals;

	private final Fault fault;

	private final ServerProcess victim;

	/** Whose idle connections the victim may have, or 0. */
	private final long source;

	/** When it began, and when the process went on or was gone. */
	private final CompletableFuture<long[]> injected = new CompletableFuture<>();

	private Thread thread;

	FaultInjector(Signals signals, Fault fault, ServerProcess victim, long source) {
		this.signals = signals;
		this.fault = fault;
		this.victim = victim;
		this.source = source;
	}

	@Override
	public synchronized void accept(String line) {
		if (this.thread == null && line.contains(", " + this.fault.step() + ": ")) {
			long begin = System.currentTimeMillis();
			send((this.fault.action() == Fault.Action.KILL) ? "KILL" : "STOP");
			this.thread = new Thread(() -> finish(begin));
			this.thread.start();
		}
	}

	boolean hasInjected() {
		return this.injected.isDone();
	}

	/**
	 * Whether this fault explains the failure of a request: the process was killed, and
	 * had the connection or could have it.
	 */
	boolean explains(Failure failure) {
		long[] times = this.injected.join();
		boolean killed = !this.victim.isAlive() && this.victim.wasKilled();
		boolean meanwhile = failure.begin() <= times[1] && failure.end() >= times[0];
		boolean unknown = failure.process() == 0 || failure.process() == this.source;
		return killed && (failure.process() == this.victim.pid() || unknown && meanwhile);
	}

	private void finish(long begin) {
		try {
			if (this.fault.action() == Fault.Action.KILL) {
				this.victim.awaitExit();
			}
			else {
				// It may be killed meanwhile, because it does not respond.
				if (!this.victim.awaitExit(Duration.ofMillis(this.fault.action().millis()))) {
					send("CONT");
				}
			}
			this.injected.complete(new long[] { begin, System.currentTimeMillis() });
		}
		catch (InterruptedException | RuntimeException ex) {
			this.injected.completeExceptionally(ex);
		}
	}

	private void send(String signal) {
		try {
			this.signals.send(signal, this.victim.pid());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
