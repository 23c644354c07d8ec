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

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * Does what the process requests that takes over from this one. For use by one thread at
 * a time.
 */
final class SuccessorRequests {

	/** How many connections travel in a message. */
	private static final int BATCH = 32;

	private final TakeoverSettings settings;

	private final TakeoverJournal journal;

	private final Succession succession;

	private final Participants participants;

	private final Contributions contributions;

	private final Launcher launcher;

	/**
	 * Create an object without a take-over.
	 * @param settings the limits
	 * @param journal is passed on to the new process
	 * @param succession holds the new process
	 * @param participants the parts of the application that accept connections
	 * @param contributions what the application contributes
	 * @param launcher is told when the new process serves
	 */
	SuccessorRequests(TakeoverSettings settings, TakeoverJournal journal, Succession succession,
			Participants participants, Contributions contributions, Launcher launcher) {
		this.settings = settings;
		this.journal = journal;
		this.succession = succession;
		this.participants = participants;
		this.contributions = contributions;
		this.launcher = launcher;
	}

	/**
	 * Let a new process take over, if no other does.
	 * @param process the process
	 * @param connection the number of its connection
	 */
	OutgoingFdMessage begin(OtherProcess process, long connection) {
		Successor current = this.succession.current();
		if (current != null) {
			return ControlMessage.refusal(current.process() + " takes over at the moment");
		}
		if (!process.isKnown()) {
			return ControlMessage.refusal("the new process has another process namespace; share it between the two");
		}
		this.succession.begin(new Successor(process, connection, this.settings.startTimeout()));
		return OutgoingFdMessage.of(this.journal.export());
	}

	/**
	 * Do what the new process requests.
	 */
	OutgoingFdMessage step(ControlMessage request, String subject, OtherProcess process) {
		Successor current = this.succession.current();
		if (current == null || !current.process().equals(process)) {
			return notExpected();
		}
		return switch (request) {
			case SOCKETS -> sockets(current);
			case CONTRIBUTION -> this.contributions.contribute(subject);
			case READY -> ready(current);
			case ABANDON -> abandoned(current);
			default -> serving(current);
		};
	}

	private static OutgoingFdMessage notExpected() {
		return ControlMessage.refusal("it does not wait for this process, or not any longer");
	}

	private OutgoingFdMessage sockets(Successor current) {
		List<PassedSocket> sockets = this.participants.sockets();
		this.succession.record(current, TakeoverStep.PASSED, sockets.size() + " listening sockets");
		return PassedSocket.message(sockets);
	}

	private OutgoingFdMessage ready(Successor current) {
		current.expectNow(this.settings.stepTimeout());
		this.succession.record(current, TakeoverStep.READY, "the new process accepts connections from now on");
		return OutgoingFdMessage.builder().build();
	}

	private OutgoingFdMessage serving(Successor current) {
		if (current.step() != TakeoverStep.READY) {
			return notExpected();
		}
		this.succession.record(current, TakeoverStep.SERVING, "both processes accept connections");
		current.expectNow(this.settings.stepTimeout());
		current.drain(this.settings.drainTimeout());
		this.participants.release();
		this.succession.record(current, TakeoverStep.RELEASED, "this process finishes the connections that it has");
		this.launcher.serves(current.process());
		return OutgoingFdMessage.builder().build();
	}

	/**
	 * The new process ends.
	 */
	private OutgoingFdMessage abandoned(Successor current) {
		if (current.has(TakeoverStep.COMPLETED)) {
			return notExpected();
		}
		this.succession.end(current, "the new process ends");
		return OutgoingFdMessage.builder().build();
	}

	/**
	 * Give the new process connections that are idle, or say that there are none left.
	 * @param last whether to reply in any case
	 * @return the reply, {@code null} if there is nothing to say yet
	 */
	@Nullable OutgoingFdMessage tryFinish(OtherProcess process, boolean last) {
		Successor current = this.succession.current();
		if (current == null || !current.process().equals(process) || current.step() != TakeoverStep.RELEASED) {
			return notExpected();
		}
		current.acknowledged();
		current.expectNow(this.settings.stepTimeout());
		List<PassedSocket> idle = this.participants.takeIdle(BATCH);
		if (!idle.isEmpty() || last) {
			current.keep(idle);
			return PassedSocket.message(PassedSocket.duplicates(idle));
		}
		return this.succession.completeIfDrained(current) ? ControlMessage.finished() : null;
	}

}
