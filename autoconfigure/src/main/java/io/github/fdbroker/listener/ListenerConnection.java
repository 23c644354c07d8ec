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

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.system.PlatformThreads;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Serves one connection on one thread, from its first message to its last reply.
 */
final class ListenerConnection implements ServedConnection {

	private final MessageConnection connection;

	private final ListenerContext context;

	private final InFlight inFlight;

	private final DescriptorLease held;

	private final ConnectionRecord record = new ConnectionRecord();

	/** The sender of the latest message. */
	private FdSender admitted;

	/**
	 * Create an instance.
	 * @param connection the connection, which this object owns
	 * @param held the lease of the connection
	 * @param context the context of its messages
	 * @param threads runs the tasks that send asynchronous replies
	 */
	ListenerConnection(MessageConnection connection, DescriptorLease held, ListenerContext context, Executor threads) {
		this.connection = connection;
		this.held = held;
		this.context = context;
		this.inFlight = new InFlight(context, new SerialExecutor(threads), held::execute);
		this.admitted = FdSender.connected(connection.peer());
	}

	@Override
	public void run() {
		try {
			FdException failure = serve();
			this.inFlight.awaitAll(this.connection);
			if (failure instanceof FdLimitException || failure instanceof FdProtocolException) {
				refuse(failure);
			}
		}
		finally {
			close();
		}
	}

	@Override
	public ConnectionStatus status() {
		return this.record.status(this.connection.peer(), this.held);
	}

	@Override
	public void drain() {
		this.connection.shutdownInput();
		this.held.drain();
	}

	@Override
	public void abort() {
		this.connection.shutdown();
		this.inFlight.cancel();
		this.held.stopWaiting();
	}

	/**
	 * Closing a connection may block. It is done on the connection's own thread, and the
	 * connection keeps its slot until then.
	 */
	@Override
	public void close() {
		PlatformThreads.run(this.connection::close);
	}

	private @Nullable FdException serve() {
		try {
			deliverAll();
		}
		catch (FdException ex) {
			this.context.refusals().refused(ex, this.connection.peer(), ex.getMessage() + "; the connection is closed");
			return ex;
		}
		catch (RuntimeException ex) {
			this.context.refusals().failed(this.connection.peer(), this.connection + " is closed", ex);
		}
		return null;
	}

	private void deliverAll() {
		Envelope envelope = receive();
		while (envelope != null) {
			this.record.messageReceived();
			check(envelope);
			this.inFlight.deliver(envelope, sender(envelope), this.connection);
			envelope = receive();
		}
	}

	/**
	 * Send the reason why the connection is about to be closed, if the format has errors.
	 */
	private void refuse(FdException reason) {
		if (this.connection.replies().repliesToAll()) {
			try {
				this.connection.send(OutgoingMessage.error(0, reason));
			}
			catch (FdException ex) {
				// The peer has closed its end, or does not read.
			}
		}
	}

	private void check(Envelope envelope) {
		try {
			this.held.checkConnection(envelope.message().descriptors().size());
		}
		catch (FdLimitException ex) {
			envelope.message().close();
			throw new FdLimitException(this.connection + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * recvmsg(2) still returns queued data after shutdown(2).
	 */
	private @Nullable Envelope receive() {
		return this.inFlight.isCancelled() ? null : this.connection.receive();
	}

	/**
	 * The sender of a message need not be the process that connected: the socket may have
	 * been passed to another process.
	 */
	private FdSender sender(Envelope envelope) {
		PeerCredentials sender = envelope.sender();
		if (this.context.settings().credentials() == CredentialsSource.CONNECTION || isAdmitted(sender)) {
			return this.admitted;
		}
		envelope.message().close();
		throw new FdAccessDeniedException(
				"%s: Received a message from %s, which is not allowed to send, see fdbroker.sockets.%s.allow"
					.formatted(this.connection, sender, this.context.settings().name()));
	}

	private boolean isAdmitted(@Nullable PeerCredentials sender) {
		if (sender == null) {
			return false;
		}
		if (isSame(sender, this.admitted.credentials())) {
			return true;
		}
		// Only the credentials of the connection include supplementary groups.
		PeerCredentials candidate = isSame(sender, this.connection.peer()) ? this.connection.peer() : sender;
		boolean allowed = this.context.isAllowed(candidate);
		if (allowed) {
			this.admitted = FdSender.connected(candidate);
		}
		return allowed;
	}

	private static boolean isSame(PeerCredentials one, @Nullable PeerCredentials other) {
		return other != null && one.pid() == other.pid() && one.uid() == other.uid() && one.gid() == other.gid();
	}

}
