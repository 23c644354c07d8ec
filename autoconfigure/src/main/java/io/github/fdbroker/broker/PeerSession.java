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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A connection to a peer that the application controls.
 */
final class PeerSession extends MessageExchange implements FdSession {

	private final DestinationSettings settings;

	private final MessageConnection connection;

	private final Peer peer;

	private final Consumer<PeerSession> onClose;

	private final AtomicLong correlations = new AtomicLong();

	private final ReentrantLock receiving = new ReentrantLock();

	private volatile boolean closed;

	PeerSession(Peer peer, MessageConnection connection, Messenger messenger, Consumer<PeerSession> onClose) {
		super(messenger.composer(), messenger.advice(), peer);
		this.peer = peer;
		this.settings = peer.settings();
		this.connection = connection;
		this.onClose = onClose;
	}

	@Override
	public PeerCredentials peer() {
		return this.connection.peer();
	}

	@Override
	public void send(OutgoingFdMessage message) {
		observe("send", message, (observed) -> {
			send(observed, UnaryOperator.identity());
			return observed;
		});
	}

	@Override
	public FdMessage request(OutgoingFdMessage message) {
		return observe("request", message, (observed) -> {
			boolean numbered = this.connection.replies().areById();
			send(observed, (outgoing) -> outgoing.asRequest(numbered ? this.correlations.incrementAndGet() : 0));
			FdMessage reply = receive(this.settings.replyTimeout());
			if (reply == null) {
				throw new FdConnectException(this + " was closed by the peer before it replied");
			}
			return reply;
		});
	}

	@Override
	public @Nullable FdMessage receive() {
		return message(null);
	}

	@Override
	public @Nullable FdMessage receive(Duration timeout) {
		Assert.notNull(timeout, "'timeout' must not be null");
		return message(timeout);
	}

	@Override
	public void close() {
		this.closed = true;
		this.connection.shutdown();
		this.receiving.lock();
		try {
			this.connection.close();
		}
		finally {
			this.receiving.unlock();
			this.onClose.accept(this);
		}
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

	private void send(OutgoingFdMessage message, UnaryOperator<OutgoingMessage> kind) {
		try (OutgoingMessage outgoing = composer().compose(message)) {
			if (this.closed) {
				throw FdConnectException.nothingSent(this + " is closed", null);
			}
			this.connection.send(kind.apply(outgoing));
			this.peer.traffic().sent(outgoing.attachments().size());
		}
	}

	private @Nullable FdMessage message(@Nullable Duration timeout) {
		Envelope envelope = envelope(timeout);
		if (envelope == null) {
			return null;
		}
		if (envelope.kind() == MessageKind.ERROR) {
			throw envelope.toException(this.settings.name());
		}
		this.peer.traffic().received(envelope.message());
		return composer().handedOut(envelope.message());
	}

	private @Nullable Envelope envelope(@Nullable Duration timeout) {
		this.receiving.lock();
		try {
			if (this.closed) {
				return null;
			}
			return (timeout != null) ? this.connection.receive(timeout) : this.connection.receive();
		}
		finally {
			this.receiving.unlock();
		}
	}

}
