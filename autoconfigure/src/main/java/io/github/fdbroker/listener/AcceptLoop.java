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
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.system.Errno;

/**
 * Accepts connections, each of which is served by its own thread.
 */
final class AcceptLoop implements Server {

	private static final Log logger = LogFactory.getLog(AcceptLoop.class);

	private final ListenerContext context;

	private final ConnectionAcceptor socket;

	private final ConnectionSource source;

	private final ConnectionSlots slots;

	private final ServedConnections connections;

	private final Thread acceptor;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private volatile boolean accepting = true;

	private volatile boolean stopping;

	private volatile boolean released;

	private volatile boolean dead;

	private AcceptLoop(ListenerContext context, ConnectionAcceptor socket, ConnectionSource source,
			ExecutorService threads) {
		this.context = context;
		this.socket = socket;
		this.source = source;
		SocketSettings settings = context.settings();
		this.slots = new ConnectionSlots(settings.maxConnections(), settings.maxConnectionsPerUser());
		this.connections = new ServedConnections(context, threads, this::completeIfDrained);
		this.acceptor = new Thread(this::acceptAll, context.threadPrefix() + "acceptor");
	}

	/**
	 * Start to accept connections.
	 * @param context the context of the connections
	 * @param socket the socket, which is closed with this server
	 * @param source prepares its connections
	 * @param threads the threads that serve the connections; shut down with this server
	 */
	static AcceptLoop start(ListenerContext context, ConnectionAcceptor socket, ConnectionSource source,
			ExecutorService threads) {
		AcceptLoop server = new AcceptLoop(context, socket, source, threads);
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
		return this.connections.all().size();
	}

	@Override
	public Collection<ServedConnection> served() {
		return this.connections.all();
	}

	@Override
	public boolean isAccepting() {
		return !this.stopping && !this.released && !this.dead && !this.drained.isDone();
	}

	@Override
	public @Nullable OwnedFd duplicate() {
		return this.socket.duplicate();
	}

	@Override
	public void release() {
		this.released = true;
		this.socket.release();
		this.acceptor.interrupt();
	}

	@Override
	public void bind() {
		this.socket.bind();
	}

	@Override
	public CompletableFuture<Void> drain() {
		this.stopping = true;
		this.socket.close();
		this.acceptor.interrupt();
		this.connections.drain();
		completeIfDrained();
		return this.drained;
	}

	@Override
	public void abort() {
		drain();
		this.connections.abort();
	}

	private void acceptAll() {
		try {
			while (this.socket.isOpen()) {
				accept();
			}
		}
		finally {
			this.source.close();
			this.accepting = false;
			completeIfDrained();
		}
		if (!this.stopping) {
			// Virtual threads alone would not keep the process alive.
			this.drained.join();
		}
	}

	/**
	 * Only an interrupt by {@link #drain()} has an effect: an authorizer may leave the
	 * thread interrupted.
	 */
	private void accept() {
		try {
			Slot slot = this.slots.acquire();
			if (!accept(slot) && !this.stopping && !this.released) {
				ListenerContext.pause();
			}
		}
		catch (InterruptedException ex) {
			// The loop ends when the socket is closed.
		}
	}

	private boolean accept(Slot slot) {
		try {
			ServedConnection connection = this.source.accept(this.socket, slot);
			if (connection != null) {
				serve(connection, slot);
			}
			return true;
		}
		catch (IOException | RuntimeException | Error ex) {
			slot.release();
			if (!this.stopping && !this.released) {
				failed(ex);
			}
			return false;
		}
	}

	private void serve(ServedConnection connection, Slot slot) {
		this.connections.serve(connection, slot);
		if (this.stopping) {
			connection.drain();
		}
	}

	private void failed(Throwable failure) {
		if (failure instanceof IOException io && Errno.isDeadSocket(io)) {
			die(io);
		}
		else {
			this.context.refusals()
				.paused("Socket %s cannot accept connections at the moment: %s"
					.formatted(this.context.settings().path(), failure.getMessage()), failure);
		}
	}

	/**
	 * The listening socket cannot be repaired. Its connections are served until they end.
	 */
	private void die(IOException failure) {
		this.dead = true;
		logger.error(
				"Socket %s is dead and no longer served: its listening socket was closed or shut down by other code (%s)"
					.formatted(this.context.settings().path(), failure.getMessage()));
		this.socket.close();
		this.context.died();
	}

	private void completeIfDrained() {
		if (!this.accepting && this.connections.isEmpty() && this.drained.complete(null)) {
			this.connections.shutdown();
			if (!this.stopping && !this.released && !this.dead) {
				logger.info("The connection of socket " + this.context.settings().path()
						+ " has ended; no other can be accepted");
			}
		}
	}

}
