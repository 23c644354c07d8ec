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

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;

/**
 * Serves one connection, from its first message to its last reply, on one thread.
 */
final class ListenerConnection implements Runnable {

	private static final Log logger = LogFactory.getLog(ListenerConnection.class);

	private final MessageConnection connection;

	private final SocketSettings settings;

	private final InFlight deliveries;

	private final ContainerCounters counters;

	private final DescriptorQuota.Lease held;

	private final Consumer<ListenerConnection> onEnd;

	/** The one who sent the latest message. */
	private FdSender admitted;

	ListenerConnection(MessageConnection connection, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters, Consumer<ListenerConnection> onEnd) {
		this.connection = connection;
		this.settings = settings;
		this.deliveries = new InFlight(settings, adapter, services.composer(), counters);
		this.admitted = FdSender.connected(connection.peer());
		this.held = services.heldDescriptors().share(connection.peer().uid());
		this.counters = counters;
		this.onEnd = onEnd;
	}

	@Override
	public void run() {
		try {
			serve();
			this.deliveries.awaitAll();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.connection.close();
			this.onEnd.accept(this);
		}
	}

	/**
	 * Take no more messages than have come, and end once those are answered.
	 */
	void drain() {
		this.connection.shutdownInput();
	}

	/**
	 * End at once: messages that have come are dropped, and results that are awaited are
	 * cancelled.
	 */
	void abort() {
		this.connection.shutdown();
		this.deliveries.cancel();
	}

	private void serve() throws InterruptedException {
		try {
			Envelope envelope = receive();
			while (envelope != null) {
				this.deliveries.deliver(envelope, sender(envelope), this.held, this.connection);
				envelope = receive();
			}
		}
		catch (FdException ex) {
			refused(ex);
		}
		catch (RuntimeException ex) {
			logger.error(this.connection + " is closed", ex);
		}
	}

	/**
	 * The kernel gives out what has come also after a shutdown.
	 */
	private @Nullable Envelope receive() {
		return this.deliveries.isCancelled() ? null : this.connection.receive();
	}

	/**
	 * Who sends a message need not be who connected: the socket may have been passed on.
	 */
	private FdSender sender(Envelope envelope) {
		PeerCredentials sender = envelope.sender();
		if (this.settings.credentials() == CredentialsSource.CONNECTION || isAdmitted(sender)) {
			return this.admitted;
		}
		envelope.message().close();
		throw new FdAccessDeniedException(
				"%s: A message came from %s, which is not allowed to send, see fdbroker.sockets.%s.allow"
					.formatted(this.connection, sender, this.settings.name()));
	}

	private boolean isAdmitted(@Nullable PeerCredentials sender) {
		if (sender == null) {
			return false;
		}
		if (isSame(sender, this.admitted.credentials())) {
			return true;
		}
		// Only the connection tells supplementary groups.
		PeerCredentials candidate = isSame(sender, this.connection.peer()) ? this.connection.peer() : sender;
		boolean allowed = this.settings.admission().isAllowed(candidate);
		if (allowed) {
			this.admitted = FdSender.connected(candidate);
		}
		return allowed;
	}

	private static boolean isSame(PeerCredentials one, @Nullable PeerCredentials other) {
		return other != null && one.pid() == other.pid() && one.uid() == other.uid() && one.gid() == other.gid();
	}

	private void refused(FdException ex) {
		RejectionReason refusal = refusal(ex);
		if (refusal != null) {
			this.counters.refused(refusal);
		}
		String message = ex.getMessage() + "; the connection is closed";
		if (logger.isDebugEnabled()) {
			logger.debug(message, ex);
		}
		else {
			logger.warn(message);
		}
	}

	static @Nullable RejectionReason refusal(FdException ex) {
		if (ex instanceof FdAccessDeniedException) {
			return RejectionReason.NOT_ALLOWED;
		}
		if (ex instanceof FdProtocolException) {
			return RejectionReason.MALFORMED;
		}
		if (ex instanceof FdLimitException) {
			return RejectionReason.LIMIT_EXCEEDED;
		}
		if (ex instanceof FdTimeoutException) {
			return RejectionReason.TIMEOUT;
		}
		return (ex instanceof FdConnectException) ? RejectionReason.BROKEN : null;
	}

}
