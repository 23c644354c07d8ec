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

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.wire.MessageConnection;

/**
 * An open socket: accepts connections, admits or refuses their peers, and has each served
 * by a thread of its own.
 */
final class SocketServer implements Server {

	private static final Log logger = LogFactory.getLog(SocketServer.class);

	/** How long to wait for a free descriptor. */
	private static final int PAUSE_MILLIS = 100;

	private static final int CLOSERS = 4;

	private static final int CLOSER_IDLE_SECONDS = 10;

	private final SocketSettings settings;

	private final FdListenerAdapter adapter;

	private final ContainerServices services;

	private final ContainerCounters counters;

	private final ConnectionSlots slots;

	private final RefusalLog refusals = new RefusalLog(logger::warn, System::nanoTime);

	private final ConnectionAcceptor socket;

	private final ExecutorService threads;

	private final Thread acceptor;

	/** Closing a refused connection may take as long as a descriptor in it likes. */
	private final ExecutorService closer;

	private final Set<ListenerConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile boolean accepting = true;

	private volatile boolean stopping;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private SocketServer(SocketSettings settings, FdListenerAdapter adapter, ContainerServices services,
			ContainerCounters counters, ConnectionAcceptor socket) {
		this.settings = settings;
		this.adapter = adapter;
		this.services = services;
		this.counters = counters;
		this.socket = socket;
		this.slots = new ConnectionSlots(settings.maxConnections(), settings.maxConnectionsPerUser());
		String prefix = "fd-" + settings.name() + "-";
		this.threads = services.threads().named(prefix);
		this.closer = closer(prefix);
		this.acceptor = new Thread(this::acceptAll, prefix + "acceptor");
	}

	static SocketServer start(ConnectionAcceptor socket, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters) {
		SocketServer server = new SocketServer(settings, adapter, services, counters, socket);
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
		return this.connections.size();
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
		this.connections.forEach(ListenerConnection::drain);
		completeIfDrained();
		return this.drained;
	}

	@Override
	public void abort() {
		drain();
		this.connections.forEach(ListenerConnection::abort);
		this.threads.shutdownNow();
		this.closer.shutdown();
	}

	private void acceptAll() {
		try {
			while (this.socket.isOpen()) {
				accept(this.slots.acquire());
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

	private void accept(Slot slot) throws InterruptedException {
		FdConnection connection;
		try {
			connection = this.socket.accept(this.services.transport(), this.settings.messageSocket());
		}
		catch (IOException | RuntimeException | Error ex) {
			slot.release();
			if (!this.stopping) {
				logger.warn("Socket %s cannot accept connections at the moment: %s".formatted(this.settings.path(),
						ex.getMessage()));
				Thread.sleep(PAUSE_MILLIS);
			}
			return;
		}
		try {
			admit(connection, slot);
		}
		catch (RuntimeException | Error ex) {
			connection.close();
			slot.release();
			logger.error(connection + " is closed", ex);
		}
	}

	private void admit(FdConnection connection, Slot slot) {
		if (!this.settings.admission().isAllowed(connection.peer())) {
			refuse(connection, slot, RejectionReason.NOT_ALLOWED,
					"its user is not allowed to connect, see fdbroker.sockets.%s.allow"
						.formatted(this.settings.name()));
		}
		else if (!slot.assign(connection.peer().uid())) {
			refuse(connection, slot, RejectionReason.CONNECTIONS_PER_USER,
					"its user has %d connections already, see fdbroker.sockets.%s.max-connections-per-user"
						.formatted(this.settings.maxConnectionsPerUser(), this.settings.name()));
		}
		else {
			serve(connection, slot);
		}
	}

	private void refuse(FdConnection connection, Slot slot, RejectionReason reason, String why) {
		this.counters.refused(reason);
		this.refusals.add(connection + " is refused: " + why);
		slot.release();
		try {
			this.closer.execute(connection::close);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			connection.close();
		}
	}

	private void serve(FdConnection connection, Slot slot) {
		if (this.settings.refuseEarlyDescriptors()) {
			connection.allowDescriptors();
		}
		this.counters.connectionAccepted();
		MessageConnection messages = new MessageConnection(connection, this.settings.format().wireFormat(),
				this.settings.limits(), this.adapter.recipient(), this.services.converters());
		ListenerConnection served = new ListenerConnection(messages, this.settings, this.adapter, this.services,
				this.counters, (ended) -> ended(ended, slot));
		this.connections.add(served);
		try {
			this.threads.execute(served);
		}
		catch (RuntimeException | Error ex) {
			messages.close();
			ended(served, slot);
			logger.warn(connection + " is closed: no thread can serve it: " + ex.getMessage());
		}
		if (this.stopping) {
			served.drain();
		}
	}

	private void ended(ListenerConnection served, Slot slot) {
		this.connections.remove(served);
		slot.release();
		completeIfDrained();
	}

	private void completeIfDrained() {
		if (!this.accepting && this.connections.isEmpty() && this.drained.complete(null)) {
			this.threads.shutdown();
			this.closer.shutdown();
			if (!this.stopping) {
				logger.info("The connection of socket " + this.settings.path() + " has ended, and there is no other");
			}
		}
	}

	private static ExecutorService closer(String prefix) {
		ThreadPoolExecutor closer = new ThreadPoolExecutor(CLOSERS, CLOSERS, CLOSER_IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), new CustomizableThreadFactory(prefix + "closer-"));
		closer.allowCoreThreadTimeOut(true);
		return closer;
	}

}
