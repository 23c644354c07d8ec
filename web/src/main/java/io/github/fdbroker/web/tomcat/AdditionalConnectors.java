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
import java.util.ArrayList;
import java.util.List;

import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.Http11NioProtocol;

import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;

/**
 * Has the additional connectors of Tomcat serve on listening sockets that come from
 * outside.
 */
final class AdditionalConnectors {

	private static final Log logger = LogFactory.getLog(AdditionalConnectors.class);

	private final ListeningSockets sockets;

	private final ConnectorDrain drain;

	AdditionalConnectors(ListeningSockets sockets, ConnectorDrain drain) {
		this.sockets = sockets;
		this.drain = drain;
	}

	/**
	 * Return the connectors that replace those that were configured, or these themselves.
	 */
	List<Connector> adopt(List<Connector> connectors) {
		List<Connector> adopted = new ArrayList<>();
		for (Connector connector : connectors) {
			adopted.add(adopt(connector, adopted.size() + 2));
		}
		return adopted;
	}

	private Connector adopt(Connector connector, int number) {
		ListeningSocket socket = this.sockets.find(number, configured(connector));
		if (socket == null) {
			return connector;
		}
		if (!isSupported(connector.getProtocolHandler())) {
			logger.warn("%s cannot serve on %s and binds its address by itself: set its protocol to %s"
				.formatted(connector, socket, Http11NioProtocol.class.getName()));
			return connector;
		}
		Connector adopting = ConnectorCopy.of(connector);
		AdoptingProtocol protocol = (AdoptingProtocol) adopting.getProtocolHandler();
		protocol.adopt(socket);
		this.drain.add(socket, protocol);
		return adopting;
	}

	/**
	 * A class that is derived from Tomcat's may do anything.
	 */
	private static boolean isSupported(ProtocolHandler protocol) {
		return protocol instanceof AdoptingProtocol || protocol.getClass() == Http11NioProtocol.class;
	}

	private static InetSocketAddress configured(Connector connector) {
		int port = Math.max(0, connector.getPortWithOffset());
		return (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol)
				? new InetSocketAddress(protocol.getAddress(), port) : new InetSocketAddress(port);
	}

}
