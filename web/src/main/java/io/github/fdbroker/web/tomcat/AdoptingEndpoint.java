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
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ListeningSocket;

/**
 * An endpoint that accepts from a socket which other processes may accept from as well.
 * It never connects to the address to wake its acceptor, because another process might
 * get that connection; it closes its channel instead.
 */
final class AdoptingEndpoint extends NioEndpoint {

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** With this limit Tomcat ends each connection with its next response. */
	private static final int LAST_REQUEST = 1;

	private @Nullable ListeningSocket socket;

	private volatile @Nullable ServerSocketChannel channel;

	private volatile @Nullable IdleConnections idle;

	/** Calls of accept(2), and what they brought and is not registered yet. */
	private final AtomicInteger pending = new AtomicInteger();

	/** The limit that applies while the server runs. */
	private volatile @Nullable Integer keptRequests;

	private boolean registering;

	void adopt(ListeningSocket socket) {
		this.socket = socket;
	}

	@Override
	public void setHandler(Handler<NioChannel> handler) {
		IdleConnections idle = new IdleConnections(handler);
		this.idle = idle;
		super.setHandler(idle);
	}

	@Override
	protected void initServerSocket() {
		this.channel = Objects.requireNonNull(this.socket, "No socket was adopted").open();
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		return this.channel;
	}

	@Override
	protected SocketChannel serverSocketAccept() throws IOException {
		while (true) {
			ServerSocketChannel channel = this.channel;
			if (channel != null) {
				SocketChannel accepted = accept(channel);
				if (accepted != null) {
					return accepted;
				}
			}
			if (!isRunning()) {
				throw new ClosedChannelException();
			}
			LockSupport.parkNanos(POLL_NANOS);
		}
	}

	/**
	 * Return {@code null} if the channel was closed: the acceptor waits for its end then,
	 * or for the server to be resumed.
	 */
	private @Nullable SocketChannel accept(ServerSocketChannel channel) throws IOException {
		this.pending.incrementAndGet();
		SocketChannel accepted = null;
		try {
			accepted = channel.accept();
		}
		catch (ClosedChannelException ex) {
			return null;
		}
		finally {
			if (accepted == null) {
				this.pending.decrementAndGet();
			}
		}
		return accepted;
	}

	@Override
	protected boolean setSocketOptions(SocketChannel socket) {
		this.registering = true;
		try {
			return super.setSocketOptions(socket);
		}
		finally {
			this.registering = false;
			this.pending.decrementAndGet();
		}
	}

	@Override
	protected void unlockAccept() {
		closeChannel();
	}

	@Override
	public void resume() {
		if (isRunning() && isPaused() && this.channel == null) {
			initServerSocket();
		}
		super.resume();
	}

	@Override
	protected void doCloseServerSocket() {
		closeChannel();
	}

	void keepConnections() {
		if (this.keptRequests != null) {
			setMaxKeepAliveRequests(this.keptRequests);
			this.keptRequests = null;
		}
	}

	void stopAccepting() {
		closeChannel();
		this.keptRequests = getMaxKeepAliveRequests();
		setMaxKeepAliveRequests(LAST_REQUEST);
		if (getHandler() != null) {
			// Connections of HTTP/2 get GOAWAY.
			getHandler().pause();
		}
	}

	int busyConnections() {
		IdleConnections idle = this.idle;
		return (idle != null) ? getConnections().size() - idle.count() : 0;
	}

	int connections() {
		return getConnections().size() + ((this.channel != null) ? 0 : this.pending.get());
	}

	/**
	 * The acceptor calls this for a connection that came just before it was told to stop,
	 * and whose client has connected all the same. So does a registration that fails.
	 */
	@Override
	protected void destroySocket(SocketChannel socket) {
		if (this.registering) {
			super.destroySocket(socket);
		}
		else if (isPaused() || !isRunning()) {
			this.pending.decrementAndGet();
			super.destroySocket(socket);
		}
		else if (!setSocketOptions(socket)) {
			closeSocket(socket);
		}
	}

	private void closeChannel() {
		ServerSocketChannel channel = this.channel;
		this.channel = null;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				getLog().warn(this.socket + " was not closed cleanly", ex);
			}
		}
	}

}
