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

import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Serves one socket between start and stop.
 */
public final class FdListenerContainer {

	private static final Log logger = LogFactory.getLog(FdListenerContainer.class);

	private final FdListenerEndpoint endpoint;

	private final SocketSettings settings;

	private final FdListenerAdapter adapter;

	private final ContainerServices services;

	private final ContainerCounters counters = new ContainerCounters();

	private volatile @Nullable CompositeServer server;

	FdListenerContainer(FdListenerEndpoint endpoint, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services) {
		this.endpoint = endpoint;
		this.settings = settings;
		this.adapter = adapter;
		this.services = services;
	}

	/**
	 * Return what is served.
	 * @return the endpoint
	 */
	public FdListenerEndpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Return how it is served.
	 * @return the settings
	 */
	public SocketSettings settings() {
		return this.settings;
	}

	/**
	 * Return what happened so far.
	 * @return the counters
	 */
	public ContainerCounters counters() {
		return this.counters;
	}

	/**
	 * Return how many connections are served at the moment.
	 * @return the number
	 */
	public int connections() {
		CompositeServer current = this.server;
		return (current != null) ? current.connections() : 0;
	}

	/**
	 * Whether connections are accepted.
	 * @return {@code true} between start and stop
	 */
	public boolean isRunning() {
		CompositeServer current = this.server;
		return current != null && current.isAccepting();
	}

	/**
	 * Open the socket and accept connections.
	 */
	void start() {
		// A stop that took too long may have left something.
		abort();
		this.server = CompositeServer.start(this.settings, this.adapter, this.services, this.counters);
		logger.info("Socket " + this.settings.path() + " is served by " + this.endpoint);
	}

	/**
	 * Accept no more connections, take no more messages than have come, and let the
	 * methods that are running finish and be answered.
	 * @return completed when all connections are closed
	 */
	CompletableFuture<Void> stop() {
		CompositeServer stopping = this.server;
		return (stopping != null) ? stopping.drain() : CompletableFuture.completedFuture(null);
	}

	/**
	 * End at once what a stop has left.
	 */
	void abort() {
		CompositeServer aborting = this.server;
		if (aborting != null) {
			aborting.abort();
			this.server = null;
		}
	}

}
