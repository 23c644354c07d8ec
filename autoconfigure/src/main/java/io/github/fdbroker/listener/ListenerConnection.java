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

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;

/**
 * Serves one connection, from its first message to its last answer, on one thread.
 */
final class ListenerConnection implements Runnable {

	private static final Log logger = LogFactory.getLog(ListenerConnection.class);

	private final MessageConnection connection;

	private final SocketSettings settings;

	private final FdListenerAdapter adapter;

	private final MessageComposer composer;

	private final ContainerCounters counters;

	private final Semaphore pending;

	private final HeldDescriptors.Share held;

	/** The results of methods that are not there yet. */
	private final Set<CompletableFuture<?>> results = ConcurrentHashMap.newKeySet();

	private volatile boolean aborted;

	private final Consumer<ListenerConnection> onEnd;

	ListenerConnection(MessageConnection connection, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters, Consumer<ListenerConnection> onEnd) {
		this.connection = connection;
		this.settings = settings;
		this.adapter = adapter;
		this.composer = services.composer();
		this.held = services.heldDescriptors().share(connection.peer().uid());
		this.counters = counters;
		this.pending = new Semaphore(settings.maxPending());
		this.onEnd = onEnd;
	}

	@Override
	public void run() {
		try {
			serve();
			awaitPending();
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
		this.aborted = true;
		this.connection.shutdown();
		this.results.forEach((result) -> result.cancel(true));
	}

	private void serve() throws InterruptedException {
		try {
			Envelope envelope = receive();
			while (envelope != null) {
				deliver(envelope);
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
		return this.aborted ? null : this.connection.receive();
	}

	private void deliver(Envelope envelope) throws InterruptedException {
		int descriptors = envelope.message().attachments().size();
		this.counters.messageReceived(descriptors);
		if (envelope.kind() != MessageKind.ONE_WAY && envelope.kind() != MessageKind.REQUEST) {
			envelope.message().close();
			throw new FdProtocolException(this.connection + ": An answer came that nobody waits for");
		}
		hold(envelope, descriptors);
		awaitTurn(envelope, descriptors);
		ListenerCall call = this.adapter.call(envelope.message(), this.connection.peer(),
				new EnvelopeReply(envelope, this.connection, this.composer));
		if (call == null) {
			this.held.release(descriptors);
			return;
		}
		goOn(call, descriptors);
		if (!this.connection.answers().areNumbered()) {
			// Answers have to keep the order of their requests.
			awaitPending();
			this.pending.release(this.settings.maxPending());
		}
	}

	private void goOn(ListenerCall call, int descriptors) {
		this.pending.acquireUninterruptibly();
		this.results.add(call.result());
		call.done().whenComplete((done, failure) -> {
			this.results.remove(call.result());
			this.held.release(descriptors);
			this.pending.release();
		});
		if (this.aborted) {
			call.result().cancel(true);
		}
	}

	/**
	 * Wait until fewer answers are awaited than may be. Nobody but this thread adds to
	 * them, so there is room for one more then.
	 */
	private void awaitTurn(Envelope envelope, int descriptors) throws InterruptedException {
		if (this.pending.availablePermits() > 0) {
			return;
		}
		try {
			this.pending.acquire();
			this.pending.release();
		}
		catch (InterruptedException ex) {
			envelope.message().close();
			this.held.release(descriptors);
			throw ex;
		}
	}

	private void hold(Envelope envelope, int descriptors) throws InterruptedException {
		try {
			this.held.acquire(descriptors);
		}
		catch (FdLimitException ex) {
			envelope.message().close();
			throw new FdLimitException(this.connection + ": " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			envelope.message().close();
			throw ex;
		}
	}

	private void awaitPending() throws InterruptedException {
		this.pending.acquire(this.settings.maxPending());
	}

	private void refused(FdException ex) {
		Refusal refusal = refusal(ex);
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

	private static @Nullable Refusal refusal(FdException ex) {
		if (ex instanceof FdProtocolException) {
			return Refusal.MALFORMED;
		}
		if (ex instanceof FdLimitException) {
			return Refusal.LIMIT_EXCEEDED;
		}
		if (ex instanceof FdTimeoutException) {
			return Refusal.TIMEOUT;
		}
		return (ex instanceof FdConnectException) ? Refusal.BROKEN : null;
	}

}
