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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

import io.github.fdbroker.FdConfigurationException;

/**
 * Has the containers, and starts and stops them: started last, when all they call is
 * there, and stopped first.
 * <p>
 * A stop lets running methods finish within
 * {@code spring.lifecycle.timeout-per-shutdown-phase}; what is left after that is ended
 * when this bean is destroyed.
 */
public final class FdListenerRegistry implements SmartLifecycle, DisposableBean {

	private final Map<String, FdListenerContainer> containers = new LinkedHashMap<>();

	private volatile boolean running;

	/**
	 * Add a container, and start it if the others run already.
	 * @throws FdConfigurationException if there is one for the same socket
	 */
	void register(FdListenerContainer container) {
		FdListenerContainer other = this.containers.putIfAbsent(container.settings().name(), container);
		if (other != null) {
			throw duplicate(other.endpoint(), container.endpoint());
		}
		if (this.running) {
			startLate(container);
		}
	}

	private void startLate(FdListenerContainer container) {
		try {
			container.start();
		}
		catch (RuntimeException ex) {
			this.containers.remove(container.settings().name());
			throw ex;
		}
	}

	/**
	 * Return the containers.
	 * @return an unmodifiable collection, in the order of registration
	 */
	public Collection<FdListenerContainer> containers() {
		return Collections.unmodifiableCollection(this.containers.values());
	}

	@Override
	public void start() {
		try {
			this.containers.values().forEach(FdListenerContainer::start);
			this.running = true;
		}
		catch (RuntimeException ex) {
			destroy();
			throw ex;
		}
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
		this.running = false;
		this.containers.values().forEach(FdListenerContainer::abort);
	}

	private CompletableFuture<Void> stopAll() {
		this.running = false;
		return CompletableFuture
			.allOf(this.containers.values().stream().map(FdListenerContainer::stop).toArray(CompletableFuture[]::new));
	}

	private static FdConfigurationException duplicate(FdListenerEndpoint first, FdListenerEndpoint second) {
		return new FdConfigurationException(
				"Socket '%s' has two listeners, %s and %s".formatted(first.socket(), first, second),
				"Remove one of them, and let the other tell messages apart by a header; "
						+ "or configure a second socket beside fdbroker.sockets." + first.socket());
	}

}
