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

import java.net.InetSocketAddress;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;

/**
 * Has the connectors of Jetty serve on listening sockets that come from outside.
 */
public final class JettyAdopter implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

	private static final Log logger = LogFactory.getLog(JettyAdopter.class);

	private final ListeningSockets sockets;

	private final ConnectorDrain drain;

	/**
	 * Create an adopter.
	 * @param sockets the sockets
	 * @param drain lets the connector finish
	 */
	public JettyAdopter(ListeningSockets sockets, ConnectorDrain drain) {
		this.sockets = sockets;
		this.drain = drain;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(this::adopt);
	}

	private void adopt(Server server) {
		int number = 0;
		for (Connector connector : server.getConnectors()) {
			number++;
			if (connector instanceof NetworkConnector networkConnector) {
				ListeningSocket socket = this.sockets.find(number, configured(networkConnector));
				if (socket != null) {
					adopt(networkConnector, socket);
				}
			}
		}
	}

	private static InetSocketAddress configured(NetworkConnector connector) {
		int port = Math.max(0, connector.getPort());
		return (connector.getHost() != null) ? new InetSocketAddress(connector.getHost(), port)
				: new InetSocketAddress(port);
	}

	private void adopt(NetworkConnector connector, ListeningSocket socket) {
		if (connector instanceof ServerConnector serverConnector) {
			this.drain.add(socket, AdoptingConnector.adopt(serverConnector, socket));
		}
		else {
			logger.warn("%s cannot serve on %s and binds its address by itself: replace it by a ServerConnector"
				.formatted(connector, socket));
		}
	}

}
