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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.broker.PeerStatus.Failure;
import io.github.fdbroker.broker.PeerStatus.State;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.Traffic;

/**
 * One peer and the connections to it: one for all sends, which keeps them in order, and
 * one for each request that is under way.
 */
final class Peer implements Destination {

	private final PeerSettings settings;

	private final SendQueue sends;

	private final RequestConnections requests;

	private final AsyncRequests asyncRequests;

	private final PeerConnector connector;

	private final Set<PeerSession> sessions = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private final AtomicLong correlations = new AtomicLong();

	Peer(PeerSettings settings, PeerConnector connector, WaitingDescriptors descriptors) {
		this.settings = settings;
		this.connector = connector;
		this.requests = new RequestConnections(settings, connector);
		this.sends = new SendQueue(settings.messages(), (settings.inherited() != null)
				? new SharedSendChannel(this.requests, connector) : new SendConnection(connector), descriptors);
		this.asyncRequests = new AsyncRequests(settings.messages(), settings.maxConnections());
	}

	@Override
	public DestinationSettings settings() {
		return this.settings.messages();
	}

	@Override
	public String group() {
		return this.settings.group();
	}

	@Override
	public boolean acknowledges() {
		return this.settings.acknowledge();
	}

	PeerSettings at(Path path) {
		return this.settings.at(path);
	}

	@Override
	public void send(OutgoingMessage message) {
		if (acknowledges()) {
			request(message, settings().replyTimeout()).close();
		}
		else {
			this.sends.send(message);
		}
	}

	@Override
	public CompletionStage<Void> sendAsync(OutgoingMessage message) {
		if (!acknowledges()) {
			return this.sends.sendAsync(message);
		}
		AsyncRequest request = new AsyncRequest(message, (outgoing) -> request(outgoing, settings().replyTimeout()));
		start(request);
		return request.thenAccept(FdMessage::close);
	}

	@Override
	public FdMessage request(OutgoingMessage message, Duration timeout) {
		boolean numbered = settings().wireFormat().replies().areById();
		OutgoingMessage request = message.asRequest(numbered ? this.correlations.incrementAndGet() : 0);
		Envelope reply = receive(this.requests.send(List.of(request)), request, timeout);
		traffic().received(reply.message());
		if (reply.kind() == MessageKind.ERROR) {
			throw reply.toException(this.settings.name());
		}
		return reply.message();
	}

	/**
	 * Receive the reply to a request, and give the connection back. After a failure, it
	 * is closed.
	 */
	private Envelope receive(MessageConnection connection, OutgoingMessage request, Duration timeout) {
		boolean usable = false;
		try {
			Envelope reply = reply(connection, request, timeout);
			usable = reply.correlation() == request.correlation();
			return reply;
		}
		finally {
			if (usable) {
				this.requests.giveBack(connection);
			}
			else {
				this.requests.discard(connection);
			}
		}
	}

	@Override
	public void start(AsyncRequest request) {
		this.asyncRequests.start(request);
	}

	Traffic traffic() {
		return this.connector.traffic();
	}

	/**
	 * Return the state of the peer.
	 */
	PeerStatus status() {
		int requests = this.requests.inProgress();
		Failure failure = this.connector.lastFailure();
		boolean connected = requests > 0 || isConnected() || !this.sessions.isEmpty();
		State state = (failure != null) ? State.UNREACHABLE : connected ? State.CONNECTED : State.IDLE;
		return new PeerStatus(this.settings, state, this.sends.pending(), requests, this.sessions.size(), traffic(),
				failure);
	}

	/**
	 * Connect to the peer, without waiting for it, and close the connection.
	 * @throws FdException if it cannot be reached or is not the expected one
	 */
	void probe() {
		this.connector.probe();
	}

	/**
	 * Whether nothing is under way that needs the peer.
	 */
	boolean isIdle() {
		return this.sends.pending() == 0 && this.requests.inProgress() == 0 && this.asyncRequests.isIdle()
				&& this.sessions.isEmpty();
	}

	/**
	 * Whether a connection to the peer is kept.
	 */
	boolean isConnected() {
		return this.requests.hasIdle() || this.sends.isConnected();
	}

	PeerSession connect(Messenger messenger) {
		PeerSession session = new PeerSession(this, this.connector.connect(), messenger, this.sessions::remove);
		this.sessions.add(session);
		if (this.closed) {
			session.close();
			throw new FdConnectException("The broker is closed");
		}
		return session;
	}

	void close() {
		this.closed = true;
		this.sessions.forEach(PeerSession::close);
		this.asyncRequests.close();
		this.sends.close();
		this.requests.close();
	}

	/**
	 * Receive the reply to a request, or an error without a number, which a peer sends
	 * before it closes the connection.
	 */
	private static Envelope reply(MessageConnection connection, OutgoingMessage request, Duration timeout) {
		Envelope reply = connection.receive(timeout);
		if (reply == null) {
			throw new FdConnectException(connection + " was closed by the peer before it replied; it may have refused "
					+ "the message: see its log, max-message-size, max-descriptors and format");
		}
		boolean isReply = reply.kind() == MessageKind.REPLY || reply.kind() == MessageKind.ERROR;
		if (isReply && reply.correlation() == request.correlation()
				|| reply.kind() == MessageKind.ERROR && reply.correlation() == 0) {
			return reply;
		}
		reply.message().close();
		throw new FdProtocolException("%s: Received a %s with correlation %d instead of the reply to request %d"
			.formatted(connection, reply.kind(), reply.correlation(), request.correlation()));
	}

}
