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

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;

/**
 * Has the first connector of Jetty serve on a listening socket that comes from outside.
 */
public final class JettyAdopter implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

	private final ListeningSocket socket;

	private final ConnectorDrain drain;

	/**
	 * Create an adopter.
	 * @param socket the socket
	 * @param drain lets the connector finish
	 */
	public JettyAdopter(ListeningSocket socket, ConnectorDrain drain) {
		this.socket = socket;
		this.drain = drain;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(this::adopt);
	}

	private void adopt(Server server) {
		for (Connector connector : server.getConnectors()) {
			if (connector instanceof ServerConnector serverConnector) {
				this.drain.add(AdoptingConnector.adopt(serverConnector, this.socket));
				return;
			}
		}
	}

}
