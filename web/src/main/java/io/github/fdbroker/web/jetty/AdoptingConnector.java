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
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ServingConnector;

/**
 * A connector of Jetty, which accepts from another socket at each start.
 */
final class AdoptingConnector implements ServingConnector {

	private static final long KEEP_IDLE_TIMEOUT = -1;

	private final ServerConnector connector;

	private final ListeningSocket socket;

	private volatile @Nullable InterruptibleAcceptChannel channel;

	private AdoptingConnector(ServerConnector connector, ListeningSocket socket) {
		this.connector = connector;
		this.socket = socket;
	}

	static AdoptingConnector adopt(ServerConnector connector, ListeningSocket socket) {
		AdoptingConnector adopting = new AdoptingConnector(connector, socket);
		connector.addEventListener(new LifeCycle.Listener() {

			@Override
			public void lifeCycleStarting(LifeCycle event) {
				adopting.open();
			}

		});
		connector.addBean(new SelectorManager.AcceptListener() {

			@Override
			public void onAccepted(SelectableChannel channel) {
				adopting.registered();
			}

			@Override
			public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
				adopting.registered();
			}

		});
		// A connection that has not sent its request yet is idle to Jetty.
		connector.setShutdownIdleTimeout(KEEP_IDLE_TIMEOUT);
		return adopting;
	}

	private void open() {
		ServerSocketChannel channel = this.socket.open();
		this.channel = new InterruptibleAcceptChannel(channel);
		try {
			// Without acceptors, the channel is registered with a selector of Java.
			this.connector.open((this.connector.getAcceptors() > 0) ? this.channel : channel);
		}
		catch (IOException ex) {
			IO.close(this.channel);
			throw new UncheckedIOException(ex);
		}
	}

	private void registered() {
		InterruptibleAcceptChannel channel = this.channel;
		if (channel != null) {
			channel.registered();
		}
	}

	@Override
	public void keepConnections() {
		keepConnections(true);
	}

	@Override
	public void stopAccepting() {
		keepConnections(false);
		IO.close(this.channel);
	}

	private void keepConnections(boolean kept) {
		for (ConnectionFactory factory : this.connector.getConnectionFactories()) {
			if (factory instanceof HttpConfiguration.ConnectionFactory http) {
				http.getHttpConfiguration().setPersistentConnectionsEnabled(kept);
			}
		}
	}

	@Override
	public int busyConnections() {
		return (int) this.connector.getConnectedEndPoints().stream().filter(AdoptingConnector::isBusy).count();
	}

	@Override
	public int connections() {
		InterruptibleAcceptChannel channel = this.channel;
		int pending = (channel != null) ? Math.max(0, channel.pending()) : 0;
		return this.connector.getConnectedEndPoints().size() + pending;
	}

	private static boolean isBusy(EndPoint endPoint) {
		Connection connection = endPoint.getConnection();
		if (connection instanceof SslConnection ssl) {
			connection = ssl.getSslEndPoint().getConnection();
		}
		return endPoint.isOpen() && (connection == null || connection.getMessagesIn() <= 0
				|| connection.getMessagesIn() != connection.getMessagesOut());
	}

}
