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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

/**
 * Serves one connection, from its first message to its last reply, on one thread.
 */
final class ListenerConnection implements ServedConnection {

	private static final Log logger = LogFactory.getLog(ListenerConnection.class);

	private final MessageConnection connection;

	private final ListenerContext context;

	private final InFlight inFlight;

	private final DescriptorLease held;

	/** The one who sent the latest message. */
	private FdSender admitted;

	/**
	 * Create an instance.
	 * @param connection the connection, which has nobody else
	 * @param held what counts the descriptors of the connection
	 * @param context what its messages need
	 * @param threads what sends the replies of asynchronous methods
	 */
	ListenerConnection(MessageConnection connection, DescriptorLease held, ListenerContext context, Executor threads) {
		this.connection = connection;
		this.held = held;
		this.context = context;
		this.inFlight = new InFlight(context, new SerialExecutor(threads));
		this.admitted = FdSender.connected(connection.peer());
	}

	@Override
	public void run() {
		try {
			FdException failure = serve();
			this.inFlight.awaitAll();
			if (failure instanceof FdLimitException || failure instanceof FdProtocolException) {
				this.connection.refuse(failure);
			}
		}
		finally {
			close();
		}
	}

	@Override
	public void drain() {
		this.connection.shutdownInput();
	}

	@Override
	public void abort() {
		this.connection.shutdown();
		this.inFlight.cancel();
		this.held.stopWaiting();
	}

	/**
	 * What closes with a connection may take its time: it has its own thread for that,
	 * and its place until it is done.
	 */
	@Override
	public void close() {
		PlatformThreads.run(this.connection::close);
	}

	private @Nullable FdException serve() {
		try {
			Envelope envelope = receive();
			while (envelope != null) {
				check(envelope);
				this.inFlight.deliver(envelope, sender(envelope), this.connection);
				envelope = receive();
			}
		}
		catch (FdException ex) {
			this.context.refusals().refused(ex, this.connection.peer(), ex.getMessage() + "; the connection is closed");
			return ex;
		}
		catch (RuntimeException ex) {
			logger.error(this.connection + " is closed", ex);
		}
		return null;
	}

	private void check(Envelope envelope) {
		try {
			this.held.checkConnection(envelope.message().attachments().size());
		}
		catch (FdLimitException ex) {
			envelope.message().close();
			throw new FdLimitException(this.connection + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * The kernel gives out what has come also after a shutdown.
	 */
	private @Nullable Envelope receive() {
		return this.inFlight.isCancelled() ? null : this.connection.receive();
	}

	/**
	 * Who sends a message need not be who connected: the socket may have been passed on.
	 */
	private FdSender sender(Envelope envelope) {
		PeerCredentials sender = envelope.sender();
		if (this.context.settings().credentials() == CredentialsSource.CONNECTION || isAdmitted(sender)) {
			return this.admitted;
		}
		envelope.message().close();
		throw new FdAccessDeniedException(
				"%s: A message came from %s, which is not allowed to send, see fdbroker.sockets.%s.allow"
					.formatted(this.connection, sender, this.context.settings().name()));
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
