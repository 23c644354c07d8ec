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

package io.github.fdbroker.takeover;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;

import io.github.fdbroker.FdException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * The sockets of listeners, the control socket among them. Their connections are finished
 * when the old process stops.
 */
public final class ListenerSockets implements TakeoverParticipant, DisposableBean {

	private static final Log logger = LogFactory.getLog(ListenerSockets.class);

	/** A socket whose path this library owns. */
	private static final String OWNED = "listener/";

	/** A socket of the service manager. */
	private static final String SHARED = "activated/";

	private final FdListenerRegistry registry;

	/** What containers go on with, or went on with until now. */
	private final Map<FdListenerContainer, List<PassedSocket>> sockets = new LinkedHashMap<>();

	/** Those whose paths this process does not own yet. */
	private final Set<FdListenerContainer> adopted = new LinkedHashSet<>();

	/**
	 * Create a participant.
	 * @param registry holds the containers of the sockets
	 */
	public ListenerSockets(FdListenerRegistry registry) {
		this.registry = registry;
	}

	@Override
	public synchronized List<PassedSocket> sockets() {
		return PassedSocket.collect(this.registry.containers(), ListenerSockets::sockets);
	}

	private static List<PassedSocket> sockets(FdListenerContainer container) {
		String kind = container.isShared() ? SHARED : OWNED;
		return container.duplicates()
			.stream()
			.map((socket) -> new PassedSocket(kind + container.settings().name(), socket))
			.toList();
	}

	@Override
	public synchronized void prepare(PassedSockets passed) {
		this.registry.open((container) -> prepare(container, passed));
	}

	private void prepare(FdListenerContainer container, PassedSockets passed) {
		List<PassedSocket> claimed = new ArrayList<>();
		// Without a path, only the service manager can own one.
		List<String> kinds = container.settings().isPassed() ? List.of(SHARED) : List.of(OWNED, SHARED);
		for (String kind : kinds) {
			String name = kind + container.settings().name();
			passed.claim(name).forEach((socket) -> claimed.add(new PassedSocket(name, socket)));
		}
		if (!claimed.isEmpty()) {
			this.sockets.put(container, claimed);
		}
		else if (container.settings().autoStartup()) {
			container.start();
		}
	}

	@Override
	public synchronized void serve() {
		for (Iterator<Entry<FdListenerContainer, List<PassedSocket>>> each = this.sockets.entrySet().iterator(); each
			.hasNext();) {
			Entry<FdListenerContainer, List<PassedSocket>> next = each.next();
			adopt(next.getKey(), next.getValue());
			this.adopted.add(next.getKey());
			each.remove();
		}
	}

	/**
	 * If this fails, the sockets can be adopted later.
	 */
	private static void adopt(FdListenerContainer container, List<PassedSocket> sockets) {
		container.adopt(PassedSocket.duplicates(sockets).stream().map(PassedSocket::descriptor).toList(),
				sockets.get(0).name().startsWith(SHARED));
		sockets.forEach((socket) -> socket.descriptor().close());
	}

	@Override
	public synchronized void own() {
		this.adopted.removeIf(ListenerSockets::bind);
	}

	private static boolean bind(FdListenerContainer container) {
		try {
			container.bind();
			return true;
		}
		catch (FdException ex) {
			logger.debug("The path of a socket stays another process's for now", ex);
			return false;
		}
	}

	@Override
	public synchronized void release() {
		this.registry.containers().forEach((container) -> {
			List<PassedSocket> kept = sockets(container);
			if (!kept.isEmpty()) {
				this.sockets.put(container, kept);
				container.release();
			}
		});
	}

	@Override
	public synchronized void takeBack() {
		serve();
		own();
	}

	@Override
	public int connections() {
		return 0;
	}

	@Override
	public void keepIdle() {
		// None of its connections move.
	}

	@Override
	public List<PassedSocket> takeIdle(int max) {
		return List.of();
	}

	@Override
	public boolean adoptIdle(PassedSocket connection) {
		return false;
	}

	@Override
	public synchronized void destroy() {
		for (Entry<FdListenerContainer, List<PassedSocket>> each : this.sockets.entrySet()) {
			each.getValue().stream().map(PassedSocket::descriptor).forEach(OwnedFd::close);
		}
		this.sockets.clear();
	}

}
