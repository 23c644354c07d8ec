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
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * The take-over by which this process goes on with the sockets of an old one. Without an
 * old process, it has nothing to do.
 */
public final class IncomingTakeover implements Closeable {

	private static final Log logger = LogFactory.getLog(IncomingTakeover.class);

	private static final String ADVICE = "Start this process again, or stop the old process first";

	private final TakeoverSettings settings;

	private final TakeoverJournal journal;

	private final Runnable completed;

	private final @Nullable FdSession session;

	private volatile OtherProcess old;

	private @Nullable PassedSockets passed;

	private volatile boolean underWay;

	/** Whether the old process has ended without being asked to. */
	private volatile boolean alone;

	private volatile boolean closed;

	private volatile boolean serving;

	/** One request at a time. */
	private final Object requests = new Object();

	private IncomingTakeover(@Nullable FdSession session, TakeoverSettings settings, TakeoverJournal journal,
			Runnable completed) {
		this.session = session;
		this.completed = completed;
		this.settings = settings;
		this.journal = journal;
		// Of the process that has opened the socket, until the reply tells.
		this.old = new OtherProcess((session != null) ? session.peer().pid() : 0);
	}

	/**
	 * Connect to the old process, if there is one.
	 * @param broker the broker
	 * @param peer the name of the peer that stands for the control socket
	 * @param settings the limits
	 * @param journal records the steps
	 * @param completed called when the old process has ended
	 * @return the take-over
	 * @throws FdConfigurationException if the old process refuses, or does not respond
	 */
	public static IncomingTakeover begin(FdBroker broker, String peer, TakeoverSettings settings,
			TakeoverJournal journal, Runnable completed) {
		IncomingTakeover takeover = new IncomingTakeover(connect(broker, peer), settings, journal, completed);
		try {
			takeover.begin();
			return takeover;
		}
		catch (RuntimeException | Error ex) {
			takeover.close();
			throw ex;
		}
	}

	private static @Nullable FdSession connect(FdBroker broker, String peer) {
		try {
			return broker.connect(peer);
		}
		catch (FdConnectException ex) {
			logger.info("There is no process to take over from");
			logger.debug("The control socket cannot be connected to", ex);
			return null;
		}
	}

	private void begin() {
		FdMessage reply = request(ControlMessage.BEGIN, "");
		if (reply != null) {
			reply.close();
			this.old = this.journal.restore(reply.text());
			if (!this.old.isKnown()) {
				throw new FdConfigurationException("The old process has another process namespace",
						"Share the process namespace between the two, or stop the old process first");
			}
			this.underWay = true;
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
			FdMessage reply = request(ControlMessage.SOCKETS, "");
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
			sockets.requireAllClaimed(this.old);
			contributors.forEach(this::restore);
			requestStep(ControlMessage.READY, TakeoverStep.READY, "the old process waits for this one");
			this.serving = true;
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
		FdMessage contribution = request(ControlMessage.CONTRIBUTION, name);
		if (contribution != null && !ControlMessage.isFinished(contribution)) {
			try (contribution) {
				contributor.restore(contribution);
			}
		}
	}

	private void requestStep(ControlMessage message, TakeoverStep step, String detail) {
		FdMessage reply = request(message, "");
		if (reply != null) {
			reply.close();
			record(step, detail);
		}
	}

	/**
	 * From here on this process serves, whatever becomes of the old one.
	 */
	private void release(List<TakeoverParticipant> participants) {
		try {
			requestStep(ControlMessage.SERVING, TakeoverStep.RELEASED, "only this process accepts connections");
		}
		catch (FdException ex) {
			logger.warn("%s does not say that it accepts no more connections: %s".formatted(this.old, ex.getMessage()));
		}
		participants.forEach(TakeoverParticipant::own);
	}

	/**
	 * Go on with connections of the old process, and wait for its end.
	 */
	private void finish(List<TakeoverParticipant> participants) {
		try {
			receiveConnections(participants);
			if (!this.closed) {
				close();
				awaitOld();
				participants.forEach(TakeoverParticipant::own);
				this.underWay = false;
				this.completed.run();
				record(TakeoverStep.COMPLETED, "the old process has ended");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * This process stops: if the old one has not ended, it serves again.
	 */
	public void abandon() {
		if (this.underWay && !this.closed) {
			this.closed = true;
			try {
				requestStep(ControlMessage.ABANDON, this.serving ? TakeoverStep.TAKEN_BACK : TakeoverStep.FAILED,
						"this process ends");
			}
			catch (FdException ex) {
				logger.warn("%s does not take its sockets back: %s".formatted(this.old, ex.getMessage()));
			}
		}
	}

	private void receiveConnections(List<TakeoverParticipant> participants) {
		boolean finished = false;
		try {
			while (!finished && !this.closed) {
				FdMessage reply = request(ControlMessage.FINISH, "");
				finished = reply == null || ControlMessage.isFinished(reply);
				if (reply != null) {
					PassedSocket.of(reply).forEach((connection) -> adopt(connection, participants));
				}
			}
		}
		catch (FdException ex) {
			logger.warn("%s does not finish its connections: %s".formatted(this.old, ex.getMessage()));
		}
	}

	private static void adopt(PassedSocket connection, List<TakeoverParticipant> participants) {
		if (participants.stream().noneMatch((participant) -> participant.adoptIdle(connection))) {
			logger.warn("A connection of '%s' is closed: this process has no such socket".formatted(connection.name()));
			connection.descriptor().close();
		}
	}

	/**
	 * A process that neither ends nor responds would serve for ever.
	 */
	private void awaitOld() throws InterruptedException {
		if (!this.old.awaitEnd(this.settings.drainTimeout().plus(this.settings.stepTimeout()))) {
			this.old.kill("it passed its sockets to this process, and does not end");
		}
	}

	/**
	 * Request something of the old process.
	 * @return the reply, or {@code null} if the old process has ended: this one goes on
	 * alone then
	 */
	private @Nullable FdMessage request(ControlMessage message, String subject) {
		FdSession connected = this.session;
		if (connected == null || this.alone) {
			return null;
		}
		try {
			synchronized (this.requests) {
				return accepted(connected.request(message.request(subject)));
			}
		}
		catch (FdTimeoutException ex) {
			throw new FdConfigurationException("%s does not respond (%s)".formatted(this.old, message), ADVICE, ex);
		}
		catch (FdConnectException ex) {
			if (hasOldEnded()) {
				this.alone = true;
				return null;
			}
			throw new FdConfigurationException(
					"%s does not wait any longer for this process (%s)".formatted(this.old, message), ADVICE, ex);
		}
	}

	private FdMessage accepted(FdMessage reply) {
		String refusal = ControlMessage.refusal(reply);
		if (refusal != null) {
			reply.close();
			throw new FdConfigurationException("%s refuses to be taken over: %s".formatted(this.old, refusal), ADVICE);
		}
		return reply;
	}

	private boolean hasOldEnded() {
		try {
			return this.old.awaitEnd(this.settings.drainTimeout().plus(this.settings.stepTimeout()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void record(TakeoverStep step, String detail) {
		this.journal.step(step, this.old, OtherProcess.self(), detail);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.passed != null) {
			this.passed.close();
		}
		if (this.session != null) {
			this.session.close();
		}
	}

}
