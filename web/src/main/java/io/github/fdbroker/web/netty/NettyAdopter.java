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

package io.github.fdbroker.web.netty;

import java.net.InetSocketAddress;

import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;

/**
 * Has Reactor Netty serve on a listening socket that comes from outside.
 */
public final class NettyAdopter implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

	private final ListeningSockets sockets;

	private final ConnectorDrain drain;

	private final ObjectProvider<ReactorResourceFactory> resources;

	/**
	 * Create an adopter.
	 * @param sockets the sockets
	 * @param drain lets the server finish
	 * @param resources the event loops of the server
	 */
	public NettyAdopter(ListeningSockets sockets, ConnectorDrain drain,
			ObjectProvider<ReactorResourceFactory> resources) {
		this.sockets = sockets;
		this.drain = drain;
		this.resources = resources;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		ListeningSocket socket = this.sockets.find(1,
				new InetSocketAddress(factory.getAddress(), Math.max(0, factory.getPort())));
		if (socket != null) {
			adopt(factory, socket);
		}
	}

	private void adopt(NettyReactiveWebServerFactory factory, ListeningSocket socket) {
		NettyConnector connector = new NettyConnector();
		factory.setResourceFactory(new AdoptingResources(this.resources.getObject(), socket, connector));
		factory.addServerCustomizers((server) -> track(server, connector));
		this.drain.add(socket, connector);
	}

	private static HttpServer track(HttpServer server, NettyConnector connector) {
		return server.doOnChannelInit((observer, channel, remote) -> TrackingInitializer.track(channel, connector));
	}

}
