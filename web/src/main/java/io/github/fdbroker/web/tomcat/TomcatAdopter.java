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

package io.github.fdbroker.web.tomcat;

import java.net.InetSocketAddress;

import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;

/**
 * Has the connectors of Tomcat serve on listening sockets that come from outside.
 */
public final class TomcatAdopter implements WebServerFactoryCustomizer<TomcatWebServerFactory> {

	private final ListeningSockets sockets;

	private final ConnectorDrain drain;

	/**
	 * Create an adopter.
	 * @param sockets the sockets
	 * @param drain lets the connector finish
	 */
	public TomcatAdopter(ListeningSockets sockets, ConnectorDrain drain) {
		this.sockets = sockets;
		this.drain = drain;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		ListeningSocket socket = this.sockets.find(1,
				new InetSocketAddress(factory.getAddress(), Math.max(0, factory.getPort())));
		if (socket != null) {
			adopt(factory, socket);
		}
		// Tomcat adds the additional connectors when it has customized the first one.
		factory.addConnectorCustomizers((connector) -> adoptAdditional(factory));
	}

	private void adoptAdditional(TomcatWebServerFactory factory) {
		factory.setAdditionalConnectors(
				new AdditionalConnectors(this.sockets, this.drain).adopt(factory.getAdditionalConnectors()));
	}

	private void adopt(TomcatWebServerFactory factory, ListeningSocket socket) {
		if (!TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())) {
			throw new FdConfigurationException(
					socket + " cannot be used with Tomcat's protocol " + factory.getProtocol(),
					"Leave the protocol as it is (" + TomcatWebServerFactory.DEFAULT_PROTOCOL + ")");
		}
		factory.setProtocol(AdoptingProtocol.class.getName());
		factory.addConnectorCustomizers((connector) -> adopt(connector, socket));
	}

	private void adopt(Connector connector, ListeningSocket socket) {
		AdoptingProtocol protocol = (AdoptingProtocol) connector.getProtocolHandler();
		protocol.adopt(socket);
		this.drain.add(socket, protocol);
	}

}
