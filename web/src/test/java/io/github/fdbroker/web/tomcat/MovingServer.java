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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.function.Consumer;

import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.web.ListeningSocket;

/**
 * A Tomcat with an {@link EchoServlet}, whose connections can move.
 */
final class MovingServer implements AutoCloseable {

	private final Tomcat tomcat = new Tomcat();

	private final AdoptingProtocol protocol;

	private final ServerSocketChannel listening;

	private final InetSocketAddress address;

	private final EchoServlet servlet;

	MovingServer(String name) throws Exception {
		this(name, (protocol) -> {
		});
	}

	MovingServer(String name, Consumer<AdoptingProtocol> customizer) throws Exception {
		this(name, customizer, (context) -> {
		});
	}

	MovingServer(String name, Consumer<AdoptingProtocol> customizer, Consumer<StandardContext> application)
			throws Exception {
		this.listening = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
		this.address = (InetSocketAddress) this.listening.getLocalAddress();
		this.servlet = new EchoServlet(name);
		Connector connector = new Connector(AdoptingProtocol.class.getName());
		this.protocol = (AdoptingProtocol) connector.getProtocolHandler();
		connector.setPort(0);
		connector.setThrowOnFailure(true);
		this.protocol.adopt(new ListeningSocket(name, () -> this.listening));
		this.protocol.setKeepAliveTimeout(60_000);
		this.protocol.setMaxKeepAliveRequests(-1);
		customizer.accept(this.protocol);
		this.tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
		this.tomcat.setSilent(true);
		this.tomcat.getEngine().setName(name);
		this.tomcat.getService().addConnector(connector);
		this.tomcat.setConnector(connector);
		StandardContext context = (StandardContext) this.tomcat.addContext("", null);
		// Both need packages of Java that are not open.
		context.setClearReferencesRmiTargets(false);
		context.setClearReferencesThreadLocals(false);
		Tomcat.addServlet(context, "echo", this.servlet).setAsyncSupported(true);
		context.addServletMappingDecoded("/", "echo");
		application.accept(context);
		this.tomcat.start();
	}

	/**
	 * As a server does whose socket another process takes over.
	 */
	void stopAccepting() {
		this.protocol.letIdleMove(true);
		this.protocol.stopAccepting();
	}

	/**
	 * Move what is idle to another server.
	 * @return how many connections moved
	 */
	int moveTo(MovingServer target) {
		List<OwnedFd> taken = this.protocol.takeIdle(Integer.MAX_VALUE);
		taken.forEach(target.protocol::adopt);
		return taken.size();
	}

	/**
	 * Return a duplicate of the listening socket.
	 */
	OwnedFd listening() {
		return duplicate(this.listening);
	}

	static OwnedFd duplicate(Channel channel) {
		return new FdConverters(List.of()).adopt(new FdSources(List.of()).borrow(channel).descriptor());
	}

	AdoptingProtocol protocol() {
		return this.protocol;
	}

	InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Return how many connections count to the limit. What the acceptor counts while it
	 * waits for one is not a connection.
	 */
	long counted() {
		return this.protocol.getConnectionCount() - 1;
	}

	int requests() {
		return this.servlet.requests();
	}

	@Override
	public void close() throws Exception {
		this.tomcat.stop();
		this.tomcat.destroy();
		this.listening.close();
	}

}
