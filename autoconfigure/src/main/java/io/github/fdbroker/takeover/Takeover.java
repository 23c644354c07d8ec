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

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;

/**
 * Take-overs of this application: starts one, and tells how they went. Safe for use by
 * several threads.
 */
public final class Takeover {

	private final OutgoingTakeover outgoing;

	private final TakeoverJournal journal;

	/**
	 * Create the object.
	 * @param outgoing starts and serves the new process
	 * @param journal remembers the steps
	 */
	public Takeover(OutgoingTakeover outgoing, TakeoverJournal journal) {
		this.outgoing = outgoing;
		this.journal = journal;
	}

	/**
	 * Start the command line of this process anew, with its environment, working
	 * directory and standard streams. The new process takes over from this one, which
	 * ends then. What becomes of it is in the log, in {@link #status()} and in
	 * {@link TakeoverEvent}s.
	 * @return the id of the new process
	 * @throws FdException if the process cannot be started
	 */
	public long start() {
		try {
			return this.outgoing.launch().pid();
		}
		catch (IOException ex) {
			throw new FdException("The command line of this process cannot be started anew: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Have another process start its command line anew, and wait until the new process
	 * serves.
	 * @param control a connection to the control socket of the other process
	 * @return what has happened, for people
	 * @throws FdException if the new process does not take over
	 * @throws io.github.fdbroker.FdTimeoutException if it takes longer than the reply
	 * timeout of the peer
	 */
	public static String start(FdSession control) {
		try (FdMessage reply = control.request(ControlMessage.LAUNCH.request(""))) {
			String refusal = ControlMessage.refusal(reply);
			if (refusal != null) {
				throw new FdException("The new process does not take over: " + refusal);
			}
			return reply.text();
		}
	}

	/**
	 * Return the state of take-overs in this process.
	 * @return the state at this moment
	 */
	public TakeoverStatus status() {
		return this.journal.status();
	}

}
