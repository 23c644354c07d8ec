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

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.OwnedFd;

/**
 * Serves one socket between start and stop. Safe for use by several threads.
 */
public final class FdListenerContainer {

	private static final Log logger = LogFactory.getLog(FdListenerContainer.class);

	private final Routes routes;

	private final ListenerContext context;

	private final EventQueue events;

	private volatile RunningServers servers = RunningServers.NONE;

	private volatile boolean started;

	private volatile boolean shared;

	FdListenerContainer(Routes routes, ContainerServices services, FdListenerErrorHandler errorHandler) {
		this.routes = routes;
		this.context = ListenerContext.of(routes, errorHandler, services);
		this.events = new EventQueue(services.events());
	}

	void add(Route route) {
		this.routes.add(route);
	}

	/**
	 * Return the settings of the socket.
	 * @return the settings
	 */
	public SocketSettings settings() {
		return this.context.settings();
	}

	/**
	 * Return the counters of the socket.
	 * @return the counters
	 */
	public ContainerCounters counters() {
		return this.context.counters();
	}

	/**
	 * Return how many connections are served at the moment.
	 * @return the number
	 */
	public int connections() {
		return this.servers.connections();
	}

	/**
	 * Return the connections that are served at the moment.
	 * @return the connections
	 */
	public List<ConnectionStatus> connectionStatuses() {
		return this.servers.connectionStatuses();
	}

	/**
	 * End a connection at once. Messages that have arrived are dropped, and pending
	 * results are cancelled.
	 * @param id the number of the connection
	 * @return {@code false} if this socket has no such connection
	 */
	public boolean closeConnection(long id) {
		return this.servers.closeConnection(id);
	}

	/**
	 * Whether the socket should be open: it was started, and not stopped since.
	 * @return {@code true} if so
	 */
	public boolean isStarted() {
		return this.started;
	}

	/**
	 * Return the methods that receive the messages.
	 * @return their names
	 */
	public String listeners() {
		return this.routes.toString();
	}

	/**
	 * Whether connections are accepted.
	 * @return {@code true} between start and stop
	 */
	public boolean isRunning() {
		return this.servers.isAccepting();
	}

	/**
	 * Open the socket and accept connections. Has no effect if it is running.
	 * @throws FdException if the socket cannot be opened
	 */
	public void start() {
		try {
			open();
		}
		finally {
			publishEvents();
		}
	}

	/**
	 * Start, and leave the events to {@link #publishEvents()}.
	 */
	synchronized void open() {
		if (isRunning()) {
			return;
		}
		// A stop that timed out may have left connections open.
		endAll();
		// The socket should be open from now on, even if opening it fails.
		this.started = true;
		SenderCredentialsCheck.require(settings(), this.routes, this.context.services().transport());
		this.servers = new RunningServers(Servers.start(this.context));
		logger.info("Socket " + settings().path() + " is served by " + this.routes);
		this.events.add(this.context.opened());
	}

	/**
	 * Serve listening sockets of another process, which accepts from them as well.
	 * Connections that remain open continue to be served.
	 * @param sockets the sockets, which belong to this container from then on
	 * @param shared whether a service manager owns their address
	 * @throws FdException if they cannot be served; they are closed then
	 */
	public void adopt(List<OwnedFd> sockets, boolean shared) {
		try {
			adoptAll(sockets, shared);
		}
		finally {
			publishEvents();
		}
	}

	private synchronized void adoptAll(List<OwnedFd> sockets, boolean shared) {
		this.started = true;
		this.shared = shared;
		Servers.adopt(this.context, sockets, shared, (server) -> this.servers = this.servers.with(server));
		logger.info(
				"Socket " + settings().path() + " is served by " + this.routes + ", in succession to another process");
		this.events.add(this.context.opened());
	}

	/**
	 * Whether a service manager, or another process that started this one, owns the
	 * address of the socket.
	 * @return {@code true} if so
	 */
	public boolean isShared() {
		return this.shared || !settings().inherited().isEmpty();
	}

	/**
	 * Become the owner of the path of an adopted socket.
	 * @throws FdException if another process owns it
	 */
	public synchronized void bind() {
		this.servers.bind();
	}

	/**
	 * Duplicate the listening sockets, for another process.
	 * @return the duplicates, which the caller has to close; sockets that another process
	 * cannot serve are left out
	 */
	public synchronized List<OwnedFd> duplicates() {
		return this.servers.duplicates();
	}

	/**
	 * Stop accepting connections, and leave the sockets and their files to another
	 * process. Open connections continue to be served.
	 */
	public void release() {
		releaseAll();
		publishEvents();
	}

	private synchronized void releaseAll() {
		boolean wasOpen = this.started && isRunning();
		this.servers.release();
		closed(wasOpen);
	}

	/**
	 * Stop accepting connections and receiving messages. Messages that have already
	 * arrived are processed and replied to. The container can be started again.
	 * @return completed when all connections are closed
	 */
	public CompletableFuture<Void> stop() {
		CompletableFuture<Void> drained = drain();
		publishEvents();
		return drained;
	}

	/**
	 * Stop, and leave the events to {@link #publishEvents()}.
	 */
	synchronized CompletableFuture<Void> drain() {
		boolean wasOpen = this.started && isRunning();
		CompletableFuture<Void> drained = this.servers.drain();
		closed(wasOpen);
		return drained;
	}

	/**
	 * End all remaining connections at once, and leave the events to
	 * {@link #publishEvents()}.
	 */
	synchronized void endAll() {
		boolean wasOpen = this.started && isRunning();
		this.servers.abort();
		this.servers = RunningServers.NONE;
		closed(wasOpen);
	}

	/**
	 * Publish the events that have happened. No lock is held, because receivers of events
	 * may wait for other threads that use this object.
	 */
	void publishEvents() {
		this.events.publish();
	}

	/**
	 * A server that failed has reported its end.
	 */
	private void closed(boolean wasOpen) {
		this.started = false;
		if (wasOpen) {
			this.events.add(this.context.closed());
		}
	}

}
