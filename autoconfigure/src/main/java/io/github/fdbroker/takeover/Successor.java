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

	private TakeoverStep step = TakeoverStep.BEGUN;

	/** When the next request has to come. */
	private long deadline;

	/** When the connections of this process have to be finished. */
	private long drainDeadline;

	/** Idle connections that the new process may not have received yet. */
	private List<PassedSocket> unacknowledged = List.of();

	Successor(OtherProcess process, Duration startTimeout) {
		this.process = process;
		expect(startTimeout);
	}

	OtherProcess process() {
		return this.process;
	}

	TakeoverStep step() {
		return this.step;
	}

	void advance(TakeoverStep step) {
		this.step = step;
	}

	/**
	 * Whether the new process may serve, or is about to.
	 */
	boolean mayServe() {
		return this.step.compareTo(TakeoverStep.READY) >= 0;
	}

	/**
	 * Expect the next request within a while.
	 */
	void expect(Duration timeout) {
		this.deadline = System.nanoTime() + timeout.toNanos();
	}

	boolean isLate() {
		return System.nanoTime() - this.deadline > 0;
	}

	void drain(Duration timeout) {
		this.drainDeadline = System.nanoTime() + timeout.toNanos();
	}

	boolean mayDrain() {
		return System.nanoTime() - this.drainDeadline < 0;
	}

	/**
	 * Keep connections until the new process asks for further ones.
	 */
	void keep(List<PassedSocket> connections) {
		this.unacknowledged = connections;
	}

	void acknowledged() {
		this.unacknowledged.stream().map(PassedSocket::descriptor).forEach(OwnedFd::close);
		this.unacknowledged = List.of();
	}

	/**
	 * Take the connections that the new process may not have received.
	 */
	List<PassedSocket> takeUnacknowledged() {
		List<PassedSocket> taken = this.unacknowledged;
		this.unacknowledged = List.of();
		return taken;
	}

}
