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

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OwnedFd;

/**
 * An endpoint whose idle connections can move to another process, and which serves those
 * that come from one. TLS stays, because its keys are known to this process only.
 */
abstract class MovingEndpoint extends NioEndpoint {

	/** The acceptor may count one connection while {@link #countUp} looks. */
	private static final int ACCEPTOR = 1;

	private volatile @Nullable IdleConnections idle;

	private final ConnectionSockets sockets = new ConnectionSockets();

	private final Departure departure = new Departure();

	/** Connections that Tomcat does not count, because its limit was reached. */
	private final AtomicInteger beyondLimit = new AtomicInteger();

	private final RequestLimit limit = new RequestLimit(this);

	@Override
	public void setHandler(Handler<NioChannel> handler) {
		IdleConnections idle = new IdleConnections(handler);
		this.idle = idle;
		super.setHandler(idle);
	}

	int busyConnections() {
		IdleConnections idle = this.idle;
		return (idle != null) ? getConnections().size() - idle.count() : 0;
	}

	void keepConnections() {
		this.limit.keepConnections();
	}

	void endConnections() {
		this.limit.endConnections();
	}

	void letIdleMove(boolean move) {
		this.limit.letIdleMove(move);
	}

	List<OwnedFd> takeIdle(int max) {
		IdleConnections idle = this.idle;
		Poller poller = getPoller();
		if (idle == null || poller == null || isSSLEnabled()) {
			return List.of();
		}
		return this.departure.take(getConnections(), idle, poller.getSelector(), max);
	}

	void adopt(OwnedFd connection) {
		// Closing it does nothing after a channel has taken it.
		try (connection) {
			if (isSSLEnabled()) {
				throw new FdConfigurationException(
						getName() + " serves TLS, and cannot go on with a connection of HTTP/1.1",
						"Pass the connection to a connector without TLS");
			}
			SocketChannel channel = this.sockets.open(connection);
			if (channel != null) {
				registerOrClose(channel);
			}
		}
	}

	private void registerOrClose(SocketChannel channel) {
		try {
			register(channel);
		}
		catch (IOException ex) {
			ConnectionSockets.close(channel, ex);
			throw new FdConversionException(getName() + " cannot use a connection: " + ex.getMessage(), ex);
		}
		catch (RuntimeException | Error ex) {
			ConnectionSockets.close(channel, ex);
			throw ex;
		}
	}

	/**
	 * Do what {@link #setSocketOptions} does, with the timeout of a connection that was
	 * served. It is known as idle before the poller can pass it to a worker.
	 */
	private void register(SocketChannel channel) throws IOException {
		IdleConnections idle = this.idle;
		Poller poller = getPoller();
		if (idle == null || poller == null) {
			throw notRunning();
		}
		getSocketProperties().setProperties(channel.socket());
		NioSocketWrapper connection = wrap(channel);
		countUp();
		this.connections.put(channel, connection);
		idle.add(connection);
		poller.register(connection);
		if (!isRunning()) {
			// The poller may have ended without seeing the connection.
			connection.close();
			throw notRunning();
		}
	}

	private NioSocketWrapper wrap(SocketChannel channel) throws IOException {
		NioChannel socket = createChannel(new SocketBufferHandler(getSocketProperties().getAppReadBufSize(),
				getSocketProperties().getAppWriteBufSize(), getSocketProperties().getDirectBuffer()));
		NioSocketWrapper connection = new NioSocketWrapper(socket, this);
		socket.reset(channel, connection);
		connection.setReadTimeout(getKeepAliveTimeout());
		connection.setWriteTimeout(getConnectionTimeout());
		connection.setKeepAliveLeft(getMaxKeepAliveRequests());
		return connection;
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		return isSSLEnabled() ? super.createChannel(buffer) : new MovableChannel(buffer);
	}

	/**
	 * Count a connection without waiting until there are fewer.
	 */
	private synchronized void countUp() {
		try {
			if (getConnectionCount() < getMaxConnections() - ACCEPTOR) {
				countUpOrAwaitConnection();
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.beyondLimit.incrementAndGet();
	}

	@Override
	protected long countDownConnection() {
		if (this.beyondLimit.getAndUpdate((count) -> Math.max(0, count - 1)) > 0) {
			return getConnectionCount();
		}
		return super.countDownConnection();
	}

	@Override
	public void unbind() throws Exception {
		super.unbind();
		this.departure.closeRemoved();
	}

	private IllegalStateException notRunning() {
		return new IllegalStateException(getName() + " cannot go on with a connection, because it does not run");
	}

}
