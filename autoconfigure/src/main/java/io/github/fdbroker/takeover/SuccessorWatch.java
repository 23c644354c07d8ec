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

import java.util.concurrent.TimeUnit;

/**
 * Watches over the process that takes over from this one: whether it runs, and says in
 * time that it goes on. For use by one thread at a time.
 */
final class SuccessorWatch {

	private final TakeoverSettings settings;

	private final Succession succession;

	private final Participants participants;

	private long watched = System.nanoTime();

	SuccessorWatch(TakeoverSettings settings, Succession succession, Participants participants) {
		this.settings = settings;
		this.succession = succession;
		this.participants = participants;
	}

	/**
	 * Look after the process. To be called several times a second.
	 */
	void watch() {
		this.participants.retryTakeBack();
		Successor current = this.succession.current();
		boolean stalled = hasStalled();
		if (current != null && !current.has(TakeoverStep.COMPLETED)) {
			if (stalled) {
				// What the new process said meanwhile was not read yet.
				current.expect(this.settings.stepTimeout());
			}
			watch(current);
		}
	}

	private void watch(Successor current) {
		if (!current.isConnected()) {
			watchDisconnected(current);
		}
		else if (current.isLate()) {
			current.process().kill("it did not say in time that it goes on with the take-over");
			current.disconnect(this.settings.stepTimeout());
		}
	}

	private void watchDisconnected(Successor current) {
		if (!current.has(TakeoverStep.READY)) {
			this.succession.end(current, "it has ended, or did not start within " + this.settings.startTimeout());
		}
		else if (!current.process().runs()) {
			this.succession.end(current, "the new process has ended");
		}
		else if (!current.has(TakeoverStep.RELEASED)) {
			// Whether it serves is not known.
			current.process().kill("it has closed its connection before it said that it serves");
		}
		else if (current.isLate()) {
			finishAlone(current);
		}
	}

	/**
	 * The new process serves, and did not wait for this one any longer, which was stopped
	 * for a while, perhaps.
	 */
	private void finishAlone(Successor current) {
		this.participants.adopt(current.takeUnacknowledged());
		this.participants.keepIdle();
		this.succession.completeIfDrained(current);
	}

	/**
	 * Whether this process was stopped for a while, by a signal for instance.
	 */
	private boolean hasStalled() {
		long now = System.nanoTime();
		boolean stalled = now - this.watched > TimeUnit.SECONDS.toNanos(1);
		this.watched = now;
		return stalled;
	}

}
