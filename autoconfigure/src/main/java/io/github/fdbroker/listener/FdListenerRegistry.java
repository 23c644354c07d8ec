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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdMessageHandler;

/**
 * Holds the containers, and starts and stops them. The containers start after and stop
 * before the beans that listeners may call.
 * <p>
 * On stop, running methods can finish within
 * {@code spring.lifecycle.timeout-per-shutdown-phase}; calls that are still running are
 * ended when this bean is destroyed. Safe for use by several threads.
 */
public final class FdListenerRegistry implements SmartLifecycle, DisposableBean {

	private final FdListenerContainerFactory factory;

	/** Guarded by this object. */
	private final Map<String, FdListenerContainer> containers = new LinkedHashMap<>();

	/** The listener methods for children, by name. */
	private final Map<String, Routes> children = new ConcurrentHashMap<>();

	private volatile boolean running;

	private volatile boolean held;

	/**
	 * Create a registry.
	 * @param factory creates the containers
	 */
	public FdListenerRegistry(FdListenerContainerFactory factory) {
		this.factory = factory;
	}

	/**
	 * Register a handler for all messages of a socket, in place of an annotated method.
	 * The socket is opened at once if this registry is running, and together with the
	 * other sockets otherwise.
	 * @param socket the name of the socket, as in {@code fdbroker.sockets.<name>}
	 * @param handler the handler, safe for use by several threads
	 * @return the container that serves the socket
	 * @throws FdConfigurationException if no socket of that name is configured, it cannot
	 * be opened, or it has a listener already
	 */
	public FdListenerContainer register(String socket, FdMessageHandler handler) {
		return register(socket, this.factory.route(socket, handler));
	}

	void register(FdListenerEndpoint endpoint) {
		Route route = this.factory.route(endpoint);
		if (endpoint.child()) {
			this.children.computeIfAbsent(endpoint.name(), this.factory::childRoutes).add(route);
		}
		else {
			register(endpoint.name(), route);
		}
	}

	/**
	 * Prepare to pass the messages of a child to the listener methods for its name.
	 * @param name the name of the child
	 * @return the object that calls the methods, or {@code null} if there are none
	 */
	public @Nullable MessageHandling childHandling(String name) {
		Routes routes = this.children.get(name);
		return (routes != null) ? this.factory.handling(routes) : null;
	}

	/**
	 * Prepare to pass the messages of a child to a handler.
	 * @param name the name of the child
	 * @param handler the handler
	 * @return the object that calls the handler
	 */
	public MessageHandling childHandling(String name, FdMessageHandler handler) {
		Routes routes = this.factory.childRoutes(name);
		routes.add(FdListenerContainerFactory.route(routes.settings().format(), handler));
		return this.factory.handling(routes);
	}

	private FdListenerContainer register(String socket, Route route) {
		FdListenerContainer container = add(socket, route);
		container.publishEvents();
		return container;
	}

	private synchronized FdListenerContainer add(String socket, Route route) {
		FdListenerContainer container = this.containers.get(socket);
		if (container != null) {
			container.add(route);
			return container;
		}
		container = this.factory.container(socket, route);
		container.add(route);
		if (this.running && !this.held) {
			autoStart(container);
		}
		this.containers.put(socket, container);
		return container;
	}

	/**
	 * Return the container of a socket.
	 * @param socket the name of the socket
	 * @return the container, or {@code null} if the socket has no listener
	 */
	public synchronized @Nullable FdListenerContainer container(String socket) {
		return this.containers.get(socket);
	}

	/**
	 * Return the containers.
	 * @return an unmodifiable collection, in the order of registration
	 */
	public synchronized Collection<FdListenerContainer> containers() {
		return List.copyOf(this.containers.values());
	}

	/**
	 * Leave the sockets closed when this registry starts, until {@link #open}.
	 */
	public void hold() {
		this.held = true;
	}

	/**
	 * Open the sockets of a registry that was held.
	 * @param opener opens the socket of a container
	 */
	public void open(Consumer<FdListenerContainer> opener) {
		this.held = false;
		containers().forEach(opener);
	}

	private static void autoStart(FdListenerContainer container) {
		if (container.settings().autoStartup()) {
			container.open();
		}
	}

	@Override
	public void start() {
		try {
			openAll();
		}
		catch (RuntimeException ex) {
			destroy();
			throw ex;
		}
		publishEvents();
	}

	private synchronized void openAll() {
		if (!this.held) {
			this.containers.values().forEach(FdListenerRegistry::autoStart);
		}
		this.running = true;
	}

	/**
	 * Publish events with no lock held, as the containers do.
	 */
	private void publishEvents() {
		containers().forEach(FdListenerContainer::publishEvents);
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().thenRun(callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void destroy() {
		endAll();
		publishEvents();
	}

	private synchronized void endAll() {
		this.running = false;
		this.containers.values().forEach(FdListenerContainer::endAll);
	}

	private CompletableFuture<Void> stopAll() {
		CompletableFuture<Void> drained = drainAll();
		publishEvents();
		return drained;
	}

	private synchronized CompletableFuture<Void> drainAll() {
		this.running = false;
		return CompletableFuture
			.allOf(this.containers.values().stream().map(FdListenerContainer::drain).toArray(CompletableFuture[]::new));
	}

}
