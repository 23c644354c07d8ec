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

package io.github.fdbroker.web;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the connectors that share a listening socket finish before their servers shut
 * down: a server that pauses first resets connections that it has accepted and not read
 * from yet, and those were accepted for good.
 */
public final class ConnectorDrain implements SmartLifecycle {

	/** The next one to stop is the graceful shutdown of the servers. */
	static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;

	private static final Log logger = LogFactory.getLog(ConnectorDrain.class);

	private static final long POLL_MILLIS = 5;

	private final Duration timeout;

	private final Duration idleGrace;

	private final BiConsumer<ListeningSocket, ServingConnector> added;

	private final Map<ServingConnector, ListeningSocket> connectors = new ConcurrentHashMap<>();

	private volatile boolean running;

	/**
	 * Create a drain.
	 * @param timeout how long connections may take to become idle
	 * @param idleGrace how long connections that are idle may take to send a further
	 * request, which is replied to and ends them
	 */
	public ConnectorDrain(Duration timeout, Duration idleGrace) {
		this(timeout, idleGrace, (socket, connector) -> {
		});
	}

	/**
	 * Create a drain.
	 * @param timeout how long connections may take to become idle
	 * @param idleGrace how long connections that are idle may take to send a further
	 * request, which is replied to and ends them
	 * @param added receives each connector
	 */
	public ConnectorDrain(Duration timeout, Duration idleGrace, BiConsumer<ListeningSocket, ServingConnector> added) {
		this.timeout = timeout;
		this.idleGrace = idleGrace;
		this.added = added;
	}

	/**
	 * Have a connector finish before its server shuts down.
	 * @param socket the socket that it accepts from
	 * @param connector the connector
	 */
	public void add(ListeningSocket socket, ServingConnector connector) {
		this.connectors.put(connector, socket);
		this.added.accept(socket, connector);
	}

	Set<ServingConnector> connectors() {
		return this.connectors.keySet();
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * As little as the servers themselves.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void stop() {
		this.running = false;
		connectors().forEach(ConnectorDrain::end);
		this.connectors.values().forEach(ListeningSocket::close);
		try {
			awaitIdle();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Nobody takes connections any more.
	 */
	private static void end(ServingConnector connector) {
		if (connector instanceof MovableConnections movable) {
			movable.letIdleMove(false);
		}
		connector.stopAccepting();
	}

	private void awaitIdle() throws InterruptedException {
		if (await(ServingConnector::connections, this.idleGrace) > 0) {
			int busy = await(ServingConnector::busyConnections, this.timeout.minus(this.idleGrace));
			if (busy > 0) {
				logger.warn("%d connections are ended before their response, after %d s".formatted(busy,
						this.timeout.toSeconds()));
			}
		}
	}

	/**
	 * Wait until there are no such connections.
	 * @return how many there are after the timeout
	 */
	private int await(ToIntFunction<ServingConnector> connections, Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		int count = connectors().stream().mapToInt(connections).sum();
		while (count > 0 && end - System.nanoTime() > 0) {
			Thread.sleep(POLL_MILLIS);
			count = connectors().stream().mapToInt(connections).sum();
		}
		return count;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
