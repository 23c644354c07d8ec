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

package io.github.fdbroker.broker;

import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * The connections for requests to one peer, each used by one request at a time. The
 * thread that sends a request also receives its reply, so that no other thread has to be
 * woken.
 */
final class RequestConnections {

	private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

	private final PeerSettings settings;

	private final PeerConnector connector;

	private final Semaphore free;

	private final Deque<MessageConnection> idle = new ConcurrentLinkedDeque<>();

	private volatile boolean closed;

	RequestConnections(PeerSettings settings, PeerConnector connector) {
		this.settings = settings;
		this.connector = connector;
		this.free = new Semaphore(settings.maxConnections());
	}

	/**
	 * Send messages on a connection that belongs to the caller until it is given back or
	 * discarded.
	 */
	MessageConnection send(List<OutgoingMessage> messages) {
		DestinationSettings peer = this.settings.messages();
		if (!acquire(peer.replyTimeout())) {
			throw (this.settings.inherited() != null) ? inUse(peer.replyTimeout(), "reply-timeout")
					: new FdTimeoutException("All %d connections to %s were in use for %d ms, see %s".formatted(
							this.settings.maxConnections(), peer.label(), peer.replyTimeout().toMillis(),
							peer.property("max-connections")));
		}
		return sendAcquired(messages);
	}

	/**
	 * Send messages that get no reply, on the one connection that requests use as well.
	 */
	void sendOnly(List<OutgoingMessage> messages) {
		Duration timeout = this.settings.messages().sendTimeout();
		if (!acquire(timeout.isZero() ? UNLIMITED : timeout)) {
			throw inUse(timeout, "send-timeout");
		}
		giveBack(sendAcquired(messages));
	}

	private FdTimeoutException inUse(Duration timeout, String property) {
		DestinationSettings peer = this.settings.messages();
		return new FdTimeoutException(
				"The inherited connection to %s was used by a request for %d ms: nothing was sent, see %s"
					.formatted(peer.label(), timeout.toMillis(), peer.property(property)));
	}

	private MessageConnection sendAcquired(List<OutgoingMessage> messages) {
		try {
			MessageConnection used = sendOnAny(messages);
			this.connector.traffic().sent(messages);
			return used;
		}
		catch (RuntimeException | Error ex) {
			this.free.release();
			throw ex;
		}
	}

	private MessageConnection sendOnAny(List<OutgoingMessage> messages) {
		MessageConnection connection = this.idle.poll();
		while (connection != null) {
			if (isUsable(connection) && send(connection, messages)) {
				return connection;
			}
			connection.close();
			connection = this.idle.poll();
		}
		connection = this.connector.connect();
		if (!send(connection, messages)) {
			connection.close();
			throw FdConnectException.nothingSent(connection + " broke as soon as it was made", null);
		}
		return connection;
	}

	/**
	 * Return how many requests use a connection.
	 */
	int inProgress() {
		return this.settings.maxConnections() - this.free.availablePermits();
	}

	boolean hasIdle() {
		return !this.idle.isEmpty();
	}

	void giveBack(MessageConnection connection) {
		keep(connection);
		this.free.release();
	}

	private void keep(MessageConnection connection) {
		this.idle.push(connection);
		if (this.closed) {
			close();
		}
	}

	void discard(MessageConnection connection) {
		connection.close();
		this.free.release();
	}

	/**
	 * Close the connections that no request uses; the others are closed when given back.
	 */
	void close() {
		this.closed = true;
		MessageConnection connection = this.idle.poll();
		while (connection != null) {
			connection.close();
			connection = this.idle.poll();
		}
	}

	/**
	 * Send on a connection that may have broken since it was last used. A connection that
	 * has refused a message before sending any of it stays usable.
	 */
	private boolean send(MessageConnection connection, List<OutgoingMessage> messages) {
		try {
			return connection.trySend(messages, this.settings.name());
		}
		catch (FdConnectException | FdTimeoutException | FdRemoteException | FdAccessDeniedException | Error ex) {
			connection.close();
			throw ex;
		}
		catch (RuntimeException ex) {
			keep(connection);
			throw ex;
		}
	}

	/**
	 * If replies have no number, data that is left over would be taken for the next
	 * reply. It is dropped if there can be no other connection.
	 */
	private boolean isUsable(MessageConnection connection) {
		try {
			if (this.settings.inherited() != null && !connection.replies().areById()) {
				connection.dropUnreceived();
				return true;
			}
			return connection.replies().areById() || !connection.hasUnreceived();
		}
		catch (FdConnectException ex) {
			return false;
		}
	}

	private boolean acquire(Duration timeout) {
		try {
			return this.free.tryAcquire(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdException("Interrupted while waiting for a connection to " + this.settings.messages().label(),
					ex);
		}
	}

}
