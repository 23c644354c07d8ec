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
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * One peer and the connections to it: one that all sends share, which keeps them in
 * order, and as many as there are requests at a time, each of which has one to itself
 * until its reply is there.
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

	Peer(PeerSettings settings, PeerConnector connector) {
		this.settings = settings;
		this.connector = connector;
		this.sends = new SendQueue(settings, connector);
		this.requests = new RequestConnections(settings, connector);
		this.asyncRequests = new AsyncRequests(settings.name(), settings.maxConnections(), settings.maxPendingSends(),
				"fdbroker.peers.%s.max-pending-sends".formatted(settings.name()));
	}

	PeerSettings settings() {
		return this.settings;
	}

	@Override
	public void send(OutgoingMessage message) {
		this.sends.send(message);
	}

	@Override
	public CompletionStage<Void> sendAsync(OutgoingMessage message) {
		return this.sends.sendAsync(message);
	}

	@Override
	public FdMessage request(OutgoingMessage message, Duration timeout) {
		boolean numbered = this.settings.format().wireFormat().replies().areById();
		OutgoingMessage request = message.asRequest(numbered ? this.correlations.incrementAndGet() : 0);
		MessageConnection connection = this.requests.send(request);
		try {
			FdMessage reply = reply(connection, request, timeout);
			this.requests.giveBack(connection);
			return reply;
		}
		catch (FdRemoteException ex) {
			this.requests.giveBack(connection);
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			this.requests.discard(connection);
			throw ex;
		}
	}

	@Override
	public void start(AsyncRequest request) {
		this.asyncRequests.start(request);
	}

	@Override
	public Duration replyTimeout() {
		return this.settings.replyTimeout();
	}

	PeerSession connect(MessageComposer composer) {
		PeerSession session = new PeerSession(this.settings, this.connector.connect(), composer, this.sessions::remove);
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

	private FdMessage reply(MessageConnection connection, OutgoingMessage request, Duration timeout) {
		Envelope reply = connection.receive(timeout);
		if (reply == null) {
			throw new FdConnectException(connection + " was closed by the peer before it answered");
		}
		FdMessage message = reply.message();
		if (reply.correlation() == request.correlation() && reply.kind() == MessageKind.REPLY) {
			return message;
		}
		message.close();
		if (reply.correlation() == request.correlation() && reply.kind() == MessageKind.ERROR) {
			throw remoteError(this.settings.name(), reply);
		}
		throw new FdProtocolException("%s: a %s with correlation %d came, but the reply to request %d was awaited"
			.formatted(connection, reply.kind(), reply.correlation(), request.correlation()));
	}

	/**
	 * Return what a reply says went wrong.
	 */
	static FdRemoteException remoteError(String name, Envelope reply) {
		FdMessage message = reply.message();
		return new FdRemoteException(name, message.headers().getOrDefault(FdHeaders.ERROR_TYPE, "an error"),
				reply.errorStatus(), message.text());
	}

}
