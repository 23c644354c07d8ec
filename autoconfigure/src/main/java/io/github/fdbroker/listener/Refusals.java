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

package io.github.fdbroker.listener;

import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.FdException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.security.PeerLog.Kind;
import io.github.fdbroker.system.PrintableText;

/**
 * Counts and logs the connections and messages of one socket that are refused. Safe for
 * use by several threads.
 */
final class Refusals {

	private static final Log logger = LogFactory.getLog(Refusals.class);

	private final String socket;

	private final ContainerCounters counters;

	private final Consumer<FdEvent> events;

	private final PeerLog log = new PeerLog(logger);

	Refusals(String socket, ContainerCounters counters, Consumer<FdEvent> events) {
		this.socket = socket;
		this.counters = counters;
		this.events = events;
	}

	PeerLog log() {
		return this.log;
	}

	/**
	 * Count and log a refused connection.
	 */
	void refused(RejectionReason reason, PeerCredentials peer, String message) {
		count(reason, peer);
		this.log.add(Kind.REFUSED, user(peer), message);
	}

	/**
	 * Count and log a message that was refused, or that ended its connection.
	 * @param message the log message; the failure itself is logged at level debug
	 */
	void refused(FdException failure, @Nullable PeerCredentials peer, String message) {
		RejectionReason reason = RejectionReason.of(failure);
		if (reason != null) {
			count(reason, peer);
		}
		logger.debug(message, failure);
		this.log.add((reason == RejectionReason.NOT_ALLOWED) ? Kind.REFUSED : Kind.BAD_INPUT, user(peer), message);
	}

	private void count(RejectionReason reason, @Nullable PeerCredentials peer) {
		this.counters.refused(reason);
		this.events.accept(new FdEvent.ConnectionRefused(this.socket, reason.label(), peer));
	}

	/**
	 * Log that the system could not accept or receive. The socket is used again after a
	 * pause.
	 */
	void paused(String message, Throwable failure) {
		logger.debug(message, failure);
		this.log.add(Kind.SYSTEM, null, message);
	}

	/**
	 * Log that the socket is paused.
	 */
	void paused(String message) {
		this.log.add(Kind.SYSTEM, null, message);
	}

	/**
	 * Count and log a reply that was dropped because its receiver has no room or reads
	 * too slowly.
	 */
	void replyDropped(@Nullable PeerCredentials peer, String message) {
		this.counters.replyDropped();
		this.log.add(Kind.REPLY, user(peer), message);
	}

	/**
	 * Log the failure of an authorizer, because of which the peer is refused.
	 */
	void authorizerFailed(PeerCredentials peer, Throwable failure) {
		this.log.add(Kind.AUTHORIZER, user(peer), "The authorizer failed on " + peer + ", which is refused: "
				+ PrintableText.escape(String.valueOf(failure)), failure);
	}

	/**
	 * Log a failure that nothing is known about, and that ended a connection.
	 */
	void failed(PeerCredentials peer, String message, Throwable failure) {
		this.log.add(Kind.SYSTEM, user(peer), message + ": " + PrintableText.escape(String.valueOf(failure)), failure);
	}

	private static @Nullable String user(@Nullable PeerCredentials peer) {
		return (peer != null) ? "uid " + peer.uid() : null;
	}

}
