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

import java.time.Duration;
import java.util.List;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * The process that takes over from this one, and how far it has come. For use by one
 * thread at a time.
 */
final class Successor {

	private final OtherProcess process;

	private final long connection;

	private TakeoverStep step = TakeoverStep.BEGUN;

	/** When the next request has to come. */
	private long deadline = System.nanoTime();

	/** When the connections of this process have to be finished. */
	private long drainDeadline;

	/** Idle connections that the new process may not have received. */
	private List<PassedSocket> unacknowledged = List.of();

	private boolean connected = true;

	/**
	 * Create a successor.
	 * @param process the process
	 * @param connection the number of its connection to the control socket
	 * @param startTimeout how long it may take to start
	 */
	Successor(OtherProcess process, long connection, Duration startTimeout) {
		this.process = process;
		this.connection = connection;
		expect(startTimeout);
	}

	OtherProcess process() {
		return this.process;
	}

	long connection() {
		return this.connection;
	}

	TakeoverStep step() {
		return this.step;
	}

	void advance(TakeoverStep step) {
		this.step = step;
	}

	boolean has(TakeoverStep step) {
		return this.step.compareTo(step) >= 0;
	}

	/**
	 * Expect a request within a while, or later if one was expected later.
	 */
	void expect(Duration timeout) {
		this.deadline = Math.max(this.deadline, System.nanoTime() + timeout.toNanos());
	}

	boolean isLate() {
		return System.nanoTime() - this.deadline > 0;
	}

	/**
	 * From now on requests are expected after each other.
	 */
	void expectNow(Duration timeout) {
		this.deadline = System.nanoTime() + timeout.toNanos();
	}

	void disconnect(Duration timeout) {
		this.connected = false;
		expectNow(timeout);
	}

	boolean isConnected() {
		return this.connected;
	}

	void drain(Duration timeout) {
		this.drainDeadline = System.nanoTime() + timeout.toNanos();
	}

	boolean mayDrain() {
		return System.nanoTime() - this.drainDeadline < 0;
	}

	/**
	 * Keep connections until the new process requests further ones.
	 */
	void keep(List<PassedSocket> connections) {
		this.unacknowledged = connections;
	}

	void acknowledged() {
		takeUnacknowledged().stream().map(PassedSocket::descriptor).forEach(OwnedFd::close);
	}

	/**
	 * Take the connections that the new process has not received, or has lost.
	 */
	List<PassedSocket> takeUnacknowledged() {
		List<PassedSocket> taken = this.unacknowledged;
		this.unacknowledged = List.of();
		return taken;
	}

}
