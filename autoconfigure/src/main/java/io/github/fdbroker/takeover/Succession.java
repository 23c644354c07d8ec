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

import java.util.function.LongConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The take-over from this process that is under way, if there is one, and the ways in
 * which it ends. For use by one thread at a time.
 */
final class Succession {

	private static final Log logger = LogFactory.getLog(Succession.class);

	private final TakeoverSettings settings;

	private final TakeoverJournal journal;

	private final Participants participants;

	private final Launcher launcher;

	private final LongConsumer mainProcess;

	private final Runnable exit;

	private @Nullable Successor current;

	/**
	 * Create a succession.
	 * @param settings the limits
	 * @param journal records the steps
	 * @param participants the parts of the application that accept connections
	 * @param launcher tells what became of the processes that it started
	 * @param mainProcess tells the service manager which process serves
	 * @param exit ends this process
	 */
	Succession(TakeoverSettings settings, TakeoverJournal journal, Participants participants, Launcher launcher,
			LongConsumer mainProcess, Runnable exit) {
		this.settings = settings;
		this.journal = journal;
		this.participants = participants;
		this.launcher = launcher;
		this.mainProcess = mainProcess;
		this.exit = exit;
	}

	/**
	 * Return the process that takes over.
	 * @return {@code null} if there is none
	 */
	@Nullable Successor current() {
		return this.current;
	}

	/**
	 * A process takes over.
	 */
	void begin(Successor successor) {
		this.current = successor;
		record(successor, TakeoverStep.BEGUN, "the new process starts");
	}

	void record(Successor successor, TakeoverStep step, String detail) {
		successor.advance(step);
		this.journal.step(step, OtherProcess.self(), successor.process(), detail);
	}

	/**
	 * End without the new process, which may have served.
	 */
	void end(Successor successor, String reason) {
		this.current = null;
		if (successor.has(TakeoverStep.READY)) {
			takeBack(successor, reason);
		}
		else {
			this.launcher.ended(successor.process().pid(), reason);
			record(successor, TakeoverStep.FAILED, reason + "; this process goes on");
		}
	}

	private void takeBack(Successor successor, String reason) {
		if (successor.has(TakeoverStep.SERVING)) {
			this.participants.takeBack();
			this.participants.adopt(successor.takeUnacknowledged());
		}
		record(successor, TakeoverStep.TAKEN_BACK, reason + "; this process accepts connections again");
	}

	/**
	 * End this process if its connections are finished, or have had the time for that. It
	 * is the main process of its service until then, so that it can go on if the new one
	 * fails.
	 * @return whether it ends
	 */
	boolean completeIfDrained(Successor successor) {
		boolean drained = isDrained(successor);
		if (drained) {
			record(successor, TakeoverStep.COMPLETED, "this process ends");
			this.mainProcess.accept(successor.process().pid());
			new Thread(this.exit, "fd-takeover-exit").start();
		}
		return drained;
	}

	private boolean isDrained(Successor successor) {
		int connections = this.participants.connections();
		if (connections > 0 && !successor.mayDrain()) {
			logger.warn(
					"%d connections were not finished within %s".formatted(connections, this.settings.drainTimeout()));
			return true;
		}
		return connections == 0;
	}

}
