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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The channel from which the threads of a connector accept. Closing it is the only way to
 * end a call of accept(2) that does not reset the connection which it just brought, so
 * the channel is closed when the connector stops accepting, and opened again afterwards.
 */
public final class SwitchedChannel {

	private static final Log logger = LogFactory.getLog(SwitchedChannel.class);

	private static final long POLL_MILLIS = 10;

	private final ListeningSocket socket;

	private final AcceptCalls calls = new AcceptCalls();

	private @Nullable ServerSocketChannel channel;

	private boolean serving;

	private volatile boolean accepting;

	/**
	 * Create a channel, which is closed.
	 * @param socket the socket
	 */
	public SwitchedChannel(ListeningSocket socket) {
		this.socket = socket;
	}

	/**
	 * The server starts: open the channel. Nothing is accepted from a socket that is held
	 * before {@link #start()}.
	 * @return the channel
	 */
	public synchronized ServerSocketChannel open() {
		closeChannel();
		ServerSocketChannel channel = this.socket.open();
		this.channel = channel;
		this.serving = true;
		this.accepting = !this.socket.isHeld();
		return channel;
	}

	/**
	 * Return the channel.
	 * @return {@code null} while it is closed
	 */
	public synchronized @Nullable ServerSocketChannel get() {
		return this.channel;
	}

	/**
	 * Accept connections, for the first time or again. This does nothing if the server
	 * has ended.
	 */
	public synchronized void start() {
		if (this.serving) {
			this.accepting = true;
			resume();
		}
	}

	/**
	 * Accept no further connections until {@link #start()}.
	 */
	public synchronized void stop() {
		if (this.accepting) {
			this.accepting = false;
			closeChannel();
			this.calls.awaitEnd();
		}
	}

	/**
	 * Accept no further connections until {@link #resume()}.
	 */
	public synchronized void suspend() {
		closeChannel();
	}

	/**
	 * Accept connections again, if they were accepted before {@link #suspend()}.
	 */
	public synchronized void resume() {
		if (this.serving && this.accepting && this.channel == null) {
			this.channel = this.socket.open();
		}
		notifyAll();
	}

	/**
	 * The server has ended: close the channel.
	 */
	public synchronized void close() {
		this.serving = false;
		this.accepting = false;
		closeChannel();
		notifyAll();
	}

	/**
	 * Accept a connection.
	 * @return {@code null} if none is accepted for now
	 * @throws IOException if accepting failed
	 */
	public @Nullable SocketChannel accept() throws IOException {
		ServerSocketChannel channel = await();
		return (channel != null) ? this.calls.call(channel) : null;
	}

	private synchronized @Nullable ServerSocketChannel await() throws ClosedByInterruptException {
		if (!this.accepting || this.channel == null) {
			try {
				wait(POLL_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new ClosedByInterruptException();
			}
		}
		if (!this.accepting || this.channel == null) {
			return null;
		}
		this.calls.begin();
		return this.channel;
	}

	/**
	 * What {@link #accept()} returned is registered with the server, or closed.
	 */
	public void registered() {
		this.calls.registered();
	}

	/**
	 * Return how many connections are accepted and not registered yet, or might be.
	 * @return the number, after {@link #stop()}
	 */
	public int pending() {
		return this.accepting ? 0 : this.calls.pending();
	}

	private void closeChannel() {
		ServerSocketChannel channel = this.channel;
		this.channel = null;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				logger.warn(this.socket + " was not closed cleanly", ex);
			}
		}
	}

}
