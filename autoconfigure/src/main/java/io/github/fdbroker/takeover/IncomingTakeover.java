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

import java.io.Closeable;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * The take-over by which this process goes on with the sockets of an old one. Without an
 * old process, it has nothing to do.
 */
public final class IncomingTakeover implements Closeable {

	private static final Log logger = LogFactory.getLog(IncomingTakeover.class);

	private final TakeoverJournal journal;

	private final Runnable completed;

	private final Predecessor old;

	private @Nullable PassedSockets passed;

	private volatile boolean underWay;

	/** Since this process serves. */
	private volatile @Nullable List<TakeoverParticipant> serving;

	private volatile boolean closed;

	private IncomingTakeover(Predecessor old, TakeoverJournal journal, Runnable completed) {
		this.old = old;
		this.journal = journal;
		this.completed = completed;
	}

	/**
	 * Connect to the old process, if there is one.
	 * @param broker the broker
	 * @param peer the name of the peer that stands for the control socket
	 * @param settings the limits
	 * @param journal records the steps
	 * @param completed called when the old process has finished
	 * @return the take-over
	 * @throws FdConfigurationException if the old process refuses, or does not respond
	 */
	public static IncomingTakeover begin(FdBroker broker, String peer, TakeoverSettings settings,
			TakeoverJournal journal, Runnable completed) {
		IncomingTakeover takeover = new IncomingTakeover(Predecessor.connect(broker, peer, settings), journal,
				completed);
		try {
			takeover.begin();
			return takeover;
		}
		catch (RuntimeException | Error ex) {
			takeover.close();
			throw ex;
		}
	}

	private void begin() {
		this.underWay = this.old.begin(this.journal);
		if (this.underWay) {
			record(TakeoverStep.BEGUN, "this process starts, and then goes on with the sockets of the old one");
		}
	}

	/**
	 * Whether the old process still takes part.
	 * @return {@code false} if there is none, or it has finished
	 */
	public boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Return the listening sockets of the old process.
	 * @return the sockets, none if there is no old process
	 * @throws FdConfigurationException if the old process does not pass them
	 */
	public synchronized PassedSockets sockets() {
		PassedSockets known = this.passed;
		if (known == null) {
			FdMessage reply = this.old.request(ControlMessage.SOCKETS, "");
			known = new PassedSockets((reply != null) ? PassedSocket.of(reply) : List.of());
			this.passed = known;
			if (reply != null) {
				record(TakeoverStep.PASSED, reply.attachments().size() + " listening sockets came");
			}
		}
		return known;
	}

	/**
	 * Go on with the sockets: this process could serve.
	 * @param participants the parts of the application that accept connections
	 * @param contributors the contributors by name
	 * @throws FdException if the old process does not agree, and goes on instead
	 */
	public void serve(List<TakeoverParticipant> participants, Map<String, TakeoverContributor> contributors) {
		if (this.underWay) {
			PassedSockets sockets = sockets();
			participants.forEach((participant) -> participant.prepare(sockets));
			sockets.requireAllClaimed(this.old.process());
			contributors.forEach(this::restore);
			ready();
			this.serving = participants;
			participants.forEach(TakeoverParticipant::serve);
			record(TakeoverStep.SERVING, "this process accepts connections");
			release(participants);
			Thread finishing = new Thread(() -> finish(participants), "fd-takeover");
			finishing.setDaemon(true);
			finishing.start();
		}
		this.journal.serving();
	}

	private void restore(String name, TakeoverContributor contributor) {
		FdMessage contribution = this.old.request(ControlMessage.CONTRIBUTION, name);
		if (contribution != null && !ControlMessage.isFinished(contribution)) {
			try (contribution) {
				contributor.restore(contribution);
			}
		}
	}

	private void ready() {
		FdMessage reply = this.old.request(ControlMessage.READY, "");
		if (reply != null) {
			reply.close();
			record(TakeoverStep.READY, "the old process waits for this one");
		}
	}

	/**
	 * From here on this process serves, whatever becomes of the old one.
	 */
	private void release(List<TakeoverParticipant> participants) {
		if (this.old.tell(ControlMessage.SERVING)) {
			record(TakeoverStep.RELEASED, "only this process accepts connections");
		}
		participants.forEach(TakeoverParticipant::own);
	}

	/**
	 * Go on with connections of the old process, until it has finished or ended.
	 */
	private void finish(List<TakeoverParticipant> participants) {
		boolean finished = receiveConnections(participants);
		if (!this.closed) {
			close();
			if (!finished) {
				this.old.end();
			}
			participants.forEach(TakeoverParticipant::own);
			this.underWay = false;
			this.completed.run();
			record(TakeoverStep.COMPLETED, "the old process " + (finished ? "ends" : "has ended"));
		}
	}

	/**
	 * This process stops: if the old one has not ended, it serves again.
	 */
	public void abandon() {
		if (this.underWay && !this.closed) {
			this.closed = true;
			List<TakeoverParticipant> participants = this.serving;
			if (participants != null) {
				// The files of the sockets stay for the old process.
				participants.forEach(TakeoverParticipant::release);
			}
			if (this.old.tell(ControlMessage.ABANDON)) {
				record((participants != null) ? TakeoverStep.TAKEN_BACK : TakeoverStep.FAILED, "this process ends");
			}
		}
	}

	/**
	 * Receive connections until there are none left.
	 * @return {@code false} if the old process does not say so
	 */
	private boolean receiveConnections(List<TakeoverParticipant> participants) {
		try {
			while (!this.closed) {
				FdMessage reply = this.old.request(ControlMessage.FINISH, "");
				if (reply == null || ControlMessage.isFinished(reply)) {
					return reply != null;
				}
				PassedSocket.of(reply).forEach((connection) -> adopt(connection, participants));
			}
		}
		catch (FdException ex) {
			logger.warn("%s does not finish its connections: %s".formatted(this.old.process(), ex.getMessage()));
		}
		return false;
	}

	private static void adopt(PassedSocket connection, List<TakeoverParticipant> participants) {
		if (participants.stream().noneMatch((participant) -> participant.adoptIdle(connection))) {
			logger.warn("A connection of '%s' is closed: this process has no such socket".formatted(connection.name()));
			connection.descriptor().close();
		}
	}

	private void record(TakeoverStep step, String detail) {
		this.journal.step(step, this.old.process(), OtherProcess.self(), detail);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.passed != null) {
			this.passed.close();
		}
		this.old.close();
	}

}
