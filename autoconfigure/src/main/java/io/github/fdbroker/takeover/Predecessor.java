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
import java.time.Duration;

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

/**
 * The process that this one takes over from. Safe for use by several threads, whose
 * requests wait for each other.
 */
final class Predecessor implements Closeable {

	private static final Log logger = LogFactory.getLog(Predecessor.class);

	private static final String ADVICE = "Start this process again, or stop the old process first";

	private final @Nullable FdSession session;

	/** How long the process may take to end. */
	private final Duration patience;

	private volatile OtherProcess process;

	/** Whether the process has ended without being asked to. */
	private boolean ended;

	private Predecessor(@Nullable FdSession session, Duration patience) {
		this.session = session;
		this.patience = patience;
		// Of the process that has opened the socket, until the process itself tells.
		this.process = new OtherProcess((session != null) ? session.peer().pid() : 0);
	}

	/**
	 * Connect to the process, if there is one.
	 */
	static Predecessor connect(FdBroker broker, String peer, TakeoverSettings settings) {
		Duration patience = settings.drainTimeout().plus(settings.stepTimeout());
		try {
			return new Predecessor(broker.connect(peer), patience);
		}
		catch (FdConnectException ex) {
			logger.info("There is no process to take over from");
			logger.debug("The control socket cannot be connected to", ex);
			return new Predecessor(null, patience);
		}
	}

	OtherProcess process() {
		return this.process;
	}

	/**
	 * Begin a take-over.
	 * @param journal goes on with that of the process
	 * @return {@code false} if there is no process to take over from
	 * @throws FdConfigurationException if the process refuses, or does not respond
	 */
	boolean begin(TakeoverJournal journal) {
		FdMessage reply = request(ControlMessage.BEGIN, "");
		if (reply == null) {
			return false;
		}
		reply.close();
		this.process = journal.restore(reply.text());
		if (!this.process.isKnown()) {
			throw new FdConfigurationException("The old process has another process namespace",
					"Share the process namespace between the two, or stop the old process first");
		}
		return true;
	}

	/**
	 * Request something.
	 * @return the reply, or {@code null} if the process has ended: this one goes on alone
	 * then
	 * @throws FdConfigurationException if the process refuses, or does not respond
	 */
	synchronized @Nullable FdMessage request(ControlMessage message, String subject) {
		if (this.session == null || this.ended) {
			return null;
		}
		try {
			return accepted(this.session.request(message.request(subject)));
		}
		catch (FdTimeoutException ex) {
			throw new FdConfigurationException("%s does not respond (%s)".formatted(this.process, message), ADVICE, ex);
		}
		catch (FdConnectException ex) {
			this.ended = awaitEnd();
			if (this.ended) {
				return null;
			}
			throw new FdConfigurationException(
					"%s does not wait any longer for this process (%s)".formatted(this.process, message), ADVICE, ex);
		}
	}

	private FdMessage accepted(FdMessage reply) {
		String refusal = ControlMessage.refusal(reply);
		if (refusal != null) {
			reply.close();
			throw new FdConfigurationException("%s refuses to be taken over: %s".formatted(this.process, refusal),
					ADVICE);
		}
		return reply;
	}

	/**
	 * Request something whose failure changes nothing any more.
	 * @return whether there was a reply
	 */
	boolean tell(ControlMessage message) {
		try {
			FdMessage reply = request(message, "");
			if (reply != null) {
				reply.close();
			}
			return reply != null;
		}
		catch (FdException ex) {
			logger.warn("%s goes on by itself: %s".formatted(this.process, ex.getMessage()));
			return false;
		}
	}

	/**
	 * End the process if it does not end by itself: it would serve for ever.
	 */
	void end() {
		if (!awaitEnd()) {
			this.process.kill("it passed its sockets to this process, and does not end");
		}
	}

	private boolean awaitEnd() {
		try {
			return this.process.awaitEnd(this.patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public void close() {
		if (this.session != null) {
			this.session.close();
		}
	}

}
