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

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.system.Descriptors;

/**
 * Serves a socket that is not of {@code AF_UNIX}, and so carries no messages of this
 * project's: the method gets each connection itself, or whatever else the acceptor has,
 * as a message without a payload and with that one descriptor.
 * <p>
 * There is nobody to reply, and there are no credentials: the messages are this process's
 * own, and no authorizer is asked.
 */
final class HandoffServer implements Server {

	private static final Log logger = LogFactory.getLog(HandoffServer.class);

	/** How long to wait for a free descriptor. */
	private static final int PAUSE_MILLIS = 100;

	private final ConnectionAcceptor socket;

	private final SocketSettings settings;

	private final FdListenerAdapter adapter;

	private final ContainerServices services;

	private final ContainerCounters counters;

	private final Semaphore slots;

	private final ExecutorService threads;

	private final Thread acceptor;

	private final Set<Handoff> handoffs = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private volatile boolean accepting = true;

	private volatile boolean stopping;

	private HandoffServer(ConnectionAcceptor socket, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters) {
		this.socket = socket;
		this.settings = settings;
		this.adapter = adapter;
		this.services = services;
		this.counters = counters;
		this.slots = new Semaphore(settings.maxConnections());
		String prefix = "fd-" + settings.name() + "-";
		this.threads = services.threads().named(prefix);
		this.acceptor = new Thread(this::acceptAll, prefix + "acceptor");
	}

	static HandoffServer start(ConnectionAcceptor socket, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters) {
		HandoffServer server = new HandoffServer(socket, settings, adapter, services, counters);
		try {
			server.acceptor.start();
			return server;
		}
		catch (Error ex) {
			socket.close();
			throw ex;
		}
	}

	@Override
	public int connections() {
		return this.handoffs.size();
	}

	@Override
	public boolean isAccepting() {
		return !this.stopping && !this.drained.isDone();
	}

	@Override
	public CompletableFuture<Void> drain() {
		this.stopping = true;
		this.socket.close();
		this.acceptor.interrupt();
		completeIfDrained();
		return this.drained;
	}

	@Override
	public void abort() {
		drain();
		this.handoffs.forEach(Handoff::cancel);
		this.threads.shutdownNow();
	}

	private void acceptAll() {
		try {
			while (this.socket.isOpen()) {
				this.slots.acquire();
				accept();
			}
		}
		catch (InterruptedException ex) {
			// The socket is closed.
		}
		finally {
			this.accepting = false;
			completeIfDrained();
		}
		if (!this.stopping) {
			// Virtual threads alone would not keep the process alive.
			this.drained.join();
		}
	}

	private void accept() throws InterruptedException {
		try {
			hand(this.socket.accept());
		}
		catch (IOException | RuntimeException | Error ex) {
			this.slots.release();
			if (!this.stopping) {
				logger.warn("Socket %s cannot hand a connection over at the moment: %s".formatted(this.settings.path(),
						ex.getMessage()));
				Thread.sleep(PAUSE_MILLIS);
			}
		}
	}

	/**
	 * Have a thread give a descriptor to the method.
	 */
	private void hand(FileDescriptor descriptor) throws InterruptedException {
		Handoff handoff = new Handoff(
				FdMessage.builder().descriptor(this.services.converters().adopt(descriptor)).build());
		try {
			handoff.begin();
			this.threads.execute(handoff);
		}
		catch (FdLimitException ex) {
			this.counters.refused(RejectionReason.LIMIT_EXCEEDED);
			handoff.message.close();
			throw ex;
		}
		catch (InterruptedException ex) {
			handoff.message.close();
			throw ex;
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			handoff.message.close();
			handoff.end();
		}
	}

	private void completeIfDrained() {
		if (!this.accepting && this.handoffs.isEmpty() && this.drained.complete(null)) {
			this.threads.shutdown();
			if (!this.stopping) {
				logger.info("Socket " + this.settings.path() + " was handed over, and there is no other");
			}
		}
	}

	/**
	 * One descriptor on its way through the method.
	 */
	private final class Handoff implements Runnable, FdListenerAdapter.Reply {

		private final FdMessage message;

		private final DescriptorQuota.Lease held;

		private final PeerCredentials self = Descriptors.self();

		private volatile @Nullable CompletableFuture<?> result;

		private volatile boolean cancelled;

		private Handoff(FdMessage message) {
			this.message = message;
			this.held = HandoffServer.this.services.heldDescriptors().share(this.self.uid());
		}

		private void begin() throws InterruptedException {
			this.held.acquire(1);
			HandoffServer.this.handoffs.add(this);
			HandoffServer.this.counters.connectionAccepted();
			HandoffServer.this.counters.messageReceived(1);
		}

		@Override
		public void run() {
			ListenerCall call = HandoffServer.this.adapter.call(this.message, FdSender.connected(this.self), this);
			if (call == null) {
				end();
				return;
			}
			this.result = call.result();
			call.done().whenComplete((done, failure) -> end());
			if (this.cancelled) {
				cancel();
			}
		}

		@Override
		public void succeed(@Nullable Object value) {
			FdSources.giveUp(EnvelopeReply.reply(value).attachments());
		}

		@Override
		public void fail(Throwable failure) {
			// The adapter has logged it, and closing the connection is the reply.
		}

		private void cancel() {
			this.cancelled = true;
			CompletableFuture<?> awaited = this.result;
			if (awaited != null) {
				awaited.cancel(true);
			}
		}

		private void end() {
			this.held.release(1);
			HandoffServer.this.handoffs.remove(this);
			HandoffServer.this.slots.release();
			completeIfDrained();
		}

	}

}
