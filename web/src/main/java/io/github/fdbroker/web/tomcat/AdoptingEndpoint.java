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
import java.nio.channels.SocketChannel;
import java.util.Objects;

import org.apache.tomcat.util.net.NioChannel;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.SwitchedChannel;

/**
 * An endpoint that accepts from a socket which other processes may accept from as well.
 * It never connects to the address to wake its acceptor, because another process might
 * get that connection; it closes its channel instead.
 */
final class AdoptingEndpoint extends MovingEndpoint {

	private @Nullable SwitchedChannel channel;

	private volatile @Nullable Http2Connections http2;

	private boolean registering;

	void adopt(ListeningSocket socket) {
		this.channel = new SwitchedChannel(socket);
	}

	private SwitchedChannel channel() {
		return Objects.requireNonNull(this.channel, "No socket was adopted");
	}

	Http2Connections http2() {
		return Objects.requireNonNull(this.http2, "There is no handler");
	}

	@Override
	public void setHandler(Handler<NioChannel> handler) {
		this.http2 = new Http2Connections(handler);
		super.setHandler(this.http2);
	}

	@Override
	protected void initServerSocket() {
		channel().open();
		keepConnections();
		http2().setEnding(false);
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		SwitchedChannel channel = this.channel;
		return (channel != null) ? channel.get() : null;
	}

	@Override
	protected SocketChannel serverSocketAccept() throws IOException {
		SwitchedChannel channel = channel();
		SocketChannel accepted = channel.accept();
		while (accepted == null) {
			if (!isRunning()) {
				throw new ClosedChannelException();
			}
			accepted = channel.accept();
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
			channel().registered();
		}
	}

	@Override
	protected void unlockAccept() {
		channel().suspend();
	}

	@Override
	public void resume() {
		if (isRunning() && isPaused()) {
			channel().resume();
		}
		super.resume();
	}

	@Override
	protected void doCloseServerSocket() {
		channel().close();
	}

	void startAccepting() {
		keepConnections();
		http2().setEnding(false);
		channel().start();
	}

	void stopAccepting() {
		channel().stop();
		endConnections();
		http2().setEnding(true);
	}

	@Override
	int busyConnections() {
		return super.busyConnections() - http2().idle();
	}

	int connections() {
		return getConnections().size() + channel().pending();
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
			channel().registered();
			super.destroySocket(socket);
		}
		else if (!setSocketOptions(socket)) {
			closeSocket(socket);
		}
	}

}
