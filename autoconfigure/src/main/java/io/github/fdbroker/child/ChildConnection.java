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

package io.github.fdbroker.child;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.broker.AsyncRequest;
import io.github.fdbroker.broker.AsyncRequests;
import io.github.fdbroker.broker.Destination;
import io.github.fdbroker.broker.DestinationSettings;
import io.github.fdbroker.broker.SendQueue;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.listener.DescriptorLease;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.security.PeerLog.Kind;
import io.github.fdbroker.system.PrintableText;
import io.github.fdbroker.wire.Correlation;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.ReplyChannel;
import io.github.fdbroker.wire.Traffic;

/**
 * The connection to a child. One thread {@link #receiveAll() receives} all messages, and
 * passes replies to the requests that wait for them, and other messages to the inbox.
 */
final class ChildConnection implements Destination {

	private static final Log logger = LogFactory.getLog(ChildConnection.class);

	private static final int ASYNC_REQUESTS = 16;

	private final ChildSettings settings;

	private final MessageConnection connection;

	private final Correlation format;

	private final boolean takesRequests;

	private final Inbox inbox;

	private final ChildSends output;

	private final SendQueue sends;

	private final ChildRequests requests;

	private final AsyncRequests asyncRequests;

	private final DescriptorLease held;

	private final Traffic traffic;

	private final PeerLog log;

	private volatile boolean open = true;

	ChildConnection(ChildSettings settings, MessageConnection connection, DescriptorLease held, boolean takesRequests,
			WaitingDescriptors descriptors, Traffic traffic, PeerLog log) {
		this.log = log;
		this.held = held;
		this.traffic = traffic;
		this.settings = settings;
		this.connection = connection;
		this.format = connection.replies();
		this.takesRequests = takesRequests;
		this.inbox = new Inbox(settings.maxPending());
		this.output = new ChildSends(connection, traffic);
		this.sends = new SendQueue(settings.messages(), this.output, descriptors);
		this.requests = new ChildRequests(connection, this::send);
		this.asyncRequests = new AsyncRequests(settings.messages(), ASYNC_REQUESTS);
	}

	Inbox inbox() {
		return this.inbox;
	}

	ReplyChannel replies() {
		return new CountedReplies(this.connection, this.traffic);
	}

	boolean isOpen() {
		return this.open;
	}

	@Override
	public void start(AsyncRequest request) {
		this.asyncRequests.start(request);
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
	public void send(OutgoingMessage message) {
		this.sends.send(message);
	}

	@Override
	public CompletionStage<Void> sendAsync(OutgoingMessage message) {
		return this.sends.sendAsync(message);
	}

	@Override
	public FdMessage request(OutgoingMessage message, Duration timeout) {
		Envelope reply = this.requests.exchange(message, timeout);
		if (reply.kind() != MessageKind.ERROR) {
			return reply.message();
		}
		throw reply.toException(this.settings.name());
	}

	/**
	 * Report to the child that its request failed. If the format has no errors, the
	 * connection ends.
	 */
	void fail(Envelope request, Throwable failure) {
		if (!this.format.repliesToAll()) {
			this.connection.shutdown();
		}
		else if (request.kind() == MessageKind.REQUEST) {
			replies().send(OutgoingMessage.error(request.correlation(), failure));
		}
	}

	/**
	 * Receive messages until the connection ends, and close it.
	 */
	void receiveAll() {
		FdConnectException reason = closed("its other end was closed", null);
		try {
			deliverAll();
		}
		catch (FdException ex) {
			reason = closed(ex.getMessage(), ex);
			this.log.add(Kind.BAD_INPUT, toString(), String.valueOf(reason.getMessage()));
			logger.debug("The cause", ex);
		}
		catch (RuntimeException ex) {
			this.log.add(Kind.SYSTEM, toString(),
					this.connection + " is closed: " + PrintableText.escape(ex.toString()), ex);
		}
		finally {
			end(reason);
		}
	}

	private void deliverAll() {
		Envelope envelope = receive();
		while (envelope != null) {
			deliver(envelope);
			envelope = receive();
		}
	}

	/**
	 * The queued sends end last, because their dependent actions may block.
	 */
	private void end(FdConnectException reason) {
		this.open = false;
		this.output.end(reason);
		this.connection.close();
		this.requests.end(reason);
		this.inbox.end();
		this.asyncRequests.close();
		this.sends.close();
	}

	/**
	 * Receive only what the child has sent already.
	 */
	void drain() {
		this.connection.shutdownInput();
		this.held.drain();
	}

	/**
	 * End the connection. Messages that were not taken are dropped.
	 */
	void close() {
		this.open = false;
		this.connection.shutdown();
		this.held.stopWaiting();
		this.inbox.close();
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

	/**
	 * recvmsg(2) still returns queued data after shutdown(2).
	 */
	private @Nullable Envelope receive() {
		Envelope envelope = this.open ? this.connection.receive() : null;
		if (envelope != null) {
			this.traffic.received(envelope.message());
		}
		return envelope;
	}

	private void deliver(Envelope envelope) {
		if (this.requests.accept(envelope)) {
			return;
		}
		if (this.format.areById() && envelope.kind() == MessageKind.REQUEST && !this.takesRequests) {
			envelope.message().close();
			fail(envelope, new UnsupportedOperationException(
					"Child '%s' has no handler for requests; start it with one, or add a method with @FdListener(child = \"%1$s\")"
						.formatted(this.settings.name())));
		}
		else {
			this.inbox.put(envelope);
		}
	}

	private FdConnectException closed(@Nullable String reason, @Nullable Throwable cause) {
		return new FdConnectException(this.connection + " is closed: " + reason, cause);
	}

}
