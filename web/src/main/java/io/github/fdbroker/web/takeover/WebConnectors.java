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

package io.github.fdbroker.web.takeover;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;

import io.github.fdbroker.FdException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.PassedSockets;
import io.github.fdbroker.takeover.TakeoverParticipant;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;
import io.github.fdbroker.web.MovableConnections;
import io.github.fdbroker.web.ServingConnector;

/**
 * The connectors of the web servers of an application: the server itself, and the
 * management server.
 */
public final class WebConnectors implements TakeoverParticipant, ListeningSockets.Source, DisposableBean {

	private static final Log logger = LogFactory.getLog(WebConnectors.class);

	private final IncomingTakeover incoming;

	private final SocketOpener opener;

	/** By name. */
	private final Map<String, BoundSocket> sockets = new ConcurrentHashMap<>();

	/** By the name of their socket. */
	private final Map<String, ServingConnector> connectors = new ConcurrentHashMap<>();

	/**
	 * Create a participant.
	 * @param incoming the take-over that brings sockets
	 * @param opener opens sockets that no process has passed
	 */
	public WebConnectors(IncomingTakeover incoming, SocketOpener opener) {
		this.incoming = incoming;
		this.opener = opener;
	}

	@Override
	public ListeningSocket find(String name, InetSocketAddress configured) {
		BoundSocket socket = new BoundSocket(() -> this.opener.open(name, configured, this.incoming.sockets()));
		this.sockets.put(name, socket);
		return new ListeningSocket(name, socket::channel, this.incoming::isUnderWay, socket::close);
	}

	/**
	 * Pass the connections of a connector to the next process.
	 * @param socket the socket that it accepts from
	 * @param connector the connector
	 */
	public void add(ListeningSocket socket, ServingConnector connector) {
		this.connectors.put(socket.name(), connector);
	}

	@Override
	public List<PassedSocket> sockets() {
		return PassedSocket.collect(this.sockets.values(), BoundSocket::duplicates);
	}

	@Override
	public void prepare(PassedSockets passed) {
		// The servers have claimed their sockets when they started.
	}

	@Override
	public void serve() {
		this.connectors.values().forEach(ServingConnector::startAccepting);
	}

	@Override
	public void own() {
		// An address of TCP has no owner.
	}

	@Override
	public void release() {
		letIdleMove(true);
		this.connectors.values().forEach(ServingConnector::stopAccepting);
	}

	@Override
	public void takeBack() {
		letIdleMove(false);
		serve();
	}

	private void letIdleMove(boolean move) {
		this.connectors.values().forEach((connector) -> {
			if (connector instanceof MovableConnections movable) {
				movable.letIdleMove(move);
			}
		});
	}

	@Override
	public void keepIdle() {
		letIdleMove(false);
	}

	@Override
	public int connections() {
		return this.connectors.values().stream().mapToInt(ServingConnector::connections).sum();
	}

	@Override
	public List<PassedSocket> takeIdle(int max) {
		List<PassedSocket> idle = new ArrayList<>();
		this.connectors.forEach((name, connector) -> {
			if (connector instanceof MovableConnections movable) {
				takeIdle(movable, max - idle.size()).forEach((each) -> idle.add(new PassedSocket(name, each)));
			}
		});
		return idle;
	}

	/**
	 * Without free descriptors, connections stay where they are.
	 */
	private static List<OwnedFd> takeIdle(MovableConnections movable, int max) {
		try {
			return movable.takeIdle(max);
		}
		catch (FdException ex) {
			logger.warn("Idle connections stay for now: " + ex.getMessage());
			return List.of();
		}
	}

	@Override
	public boolean adoptIdle(PassedSocket connection) {
		if (!(this.connectors.get(connection.name()) instanceof MovableConnections movable)) {
			return false;
		}
		try {
			movable.adopt(connection.descriptor());
		}
		catch (FdException | IllegalStateException ex) {
			logger.debug("A connection ended while it moved", ex);
		}
		return true;
	}

	@Override
	public void destroy() {
		this.sockets.values().forEach(BoundSocket::close);
	}

}
