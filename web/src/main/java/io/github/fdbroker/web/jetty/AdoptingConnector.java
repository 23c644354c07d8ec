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

package io.github.fdbroker.web.jetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EventListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ServingConnector;

/**
 * A connector of Jetty, which accepts from a channel of its own at each start.
 */
final class AdoptingConnector implements ServingConnector, LifeCycle.Listener {

	private static final long KEEP_IDLE_TIMEOUT = -1;

	private final ServerConnector connector;

	private final Accepting accepting;

	/** Whose connections end with their next response, and did not before. */
	private final Set<HttpConfiguration> ending = ConcurrentHashMap.newKeySet();

	/** Where the connector has HTTP/2, which is optional. */
	private @Nullable GoAway goAway;

	private AdoptingConnector(ServerConnector connector, Accepting accepting) {
		this.connector = connector;
		this.accepting = accepting;
	}

	static AdoptingConnector adopt(ServerConnector connector, ListeningSocket socket) {
		AdoptingConnector adopting = (connector.getAcceptors() > 0)
				? adopt(connector, new ThreadAccepting(connector, socket))
				: adopt(connector, new SelectorAccepting(connector, socket));
		connector.addEventListener(adopting);
		// A connection that has not sent its request yet is idle to Jetty.
		connector.setShutdownIdleTimeout(KEEP_IDLE_TIMEOUT);
		return adopting;
	}

	private static <A extends Accepting & EventListener> AdoptingConnector adopt(ServerConnector connector,
			A accepting) {
		connector.addEventListener(accepting);
		return new AdoptingConnector(connector, accepting);
	}

	@Override
	public void lifeCycleStarting(LifeCycle event) {
		keepConnections();
		customize();
		try {
			this.accepting.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void startAccepting() {
		keepConnections();
		this.accepting.start();
	}

	@Override
	public void stopAccepting() {
		endConnections();
		this.accepting.stop();
		sendGoAway();
	}

	private void customize() {
		if (this.goAway == null && this.connector.getProtocols().stream().anyMatch((name) -> name.startsWith("h2"))) {
			GoAway goAway = new GoAway();
			this.goAway = goAway;
			configurations().distinct().forEach((http) -> http.addCustomizer(goAway));
		}
	}

	private void keepConnections() {
		this.ending.forEach((http) -> http.setPersistentConnectionsEnabled(true));
		this.ending.clear();
		if (this.goAway != null) {
			this.goAway.setEnding(false);
		}
	}

	private void endConnections() {
		configurations().filter(HttpConfiguration::isPersistentConnectionsEnabled).forEach((http) -> {
			http.setPersistentConnectionsEnabled(false);
			this.ending.add(http);
		});
	}

	private void sendGoAway() {
		if (this.goAway != null) {
			this.goAway.setEnding(true);
			for (EndPoint endPoint : this.connector.getConnectedEndPoints()) {
				GoAway.send(connection(endPoint));
			}
		}
	}

	private Stream<HttpConfiguration> configurations() {
		return this.connector.getConnectionFactories()
			.stream()
			.filter(HttpConfiguration.ConnectionFactory.class::isInstance)
			.map((factory) -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration());
	}

	@Override
	public int busyConnections() {
		return (int) this.connector.getConnectedEndPoints().stream().filter(AdoptingConnector::isBusy).count();
	}

	@Override
	public int connections() {
		return this.connector.getConnectedEndPoints().size() + this.accepting.pending();
	}

	private static boolean isBusy(EndPoint endPoint) {
		Connection connection = connection(endPoint);
		return endPoint.isOpen() && (connection == null || connection.getMessagesIn() <= 0
				|| connection.getMessagesIn() != connection.getMessagesOut());
	}

	private static @Nullable Connection connection(EndPoint endPoint) {
		Connection connection = endPoint.getConnection();
		return (connection instanceof SslConnection ssl) ? ssl.getSslEndPoint().getConnection() : connection;
	}

}
