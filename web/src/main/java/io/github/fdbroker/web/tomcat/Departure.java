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
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.OwnedFd;

/**
 * Takes idle connections out of an endpoint. Their channels are closed after the poller
 * has removed them from its selector, because closing a channel that a selector has shuts
 * down the connection.
 */
final class Departure {

	private static final Log logger = LogFactory.getLog(Departure.class);

	private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ConnectionSockets sockets = new ConnectionSockets();

	/** Channels of connections that were taken. */
	private final List<SocketChannel> leaving = new ArrayList<>();

	synchronized List<OwnedFd> take(Collection<SocketWrapperBase<NioChannel>> connections, IdleConnections idle,
			Selector selector, int max) {
		List<OwnedFd> taken = new ArrayList<>();
		try {
			for (SocketWrapperBase<NioChannel> connection : connections) {
				if (taken.size() >= max) {
					break;
				}
				take(connection, idle, selector, taken);
			}
		}
		catch (FdLimitException | FdConversionException ex) {
			if (taken.isEmpty()) {
				throw ex;
			}
		}
		awaitRemoval(selector);
		return taken;
	}

	/**
	 * A worker that serves the connection has its lock.
	 */
	private void take(SocketWrapperBase<NioChannel> connection, IdleConnections idle, Selector selector,
			List<OwnedFd> taken) {
		if (connection.getLock().tryLock()) {
			try {
				if (idle.isWaiting(connection) && isUntouched(connection)
						&& connection.getSocket() instanceof MovableChannel socket) {
					take(connection, socket, selector, taken);
				}
			}
			finally {
				connection.getLock().unlock();
			}
		}
	}

	private static boolean isUntouched(SocketWrapperBase<NioChannel> connection) {
		return !connection.isClosed() && connection.getCurrentProcessor() == null && !connection.hasDataToWrite()
				&& connection.getSocketBufferHandler().isReadBufferEmpty();
	}

	private void take(SocketWrapperBase<NioChannel> connection, MovableChannel socket, Selector selector,
			List<OwnedFd> taken) {
		SocketChannel channel = socket.getIOChannel();
		SelectionKey key = channel.keyFor(selector);
		if (key == null || !isPolled(key)) {
			return;
		}
		OwnedFd copy = duplicate(channel);
		if (copy == null) {
			return;
		}
		if (socket.leave(channel)) {
			taken.add(copy);
			this.leaving.add(channel);
			// Workers that the poller has passed the connection to find it closed.
			connection.close();
			key.cancel();
		}
		else {
			copy.close();
		}
	}

	/**
	 * Return {@code null} if the channel was closed meanwhile.
	 */
	private @Nullable OwnedFd duplicate(SocketChannel channel) {
		try {
			return this.sockets.duplicate(channel);
		}
		catch (FdConversionException ex) {
			if (channel.isOpen()) {
				throw ex;
			}
			return null;
		}
	}

	/**
	 * Whether the poller has done what was asked of it, and no worker has been called.
	 */
	private static boolean isPolled(SelectionKey key) {
		try {
			return (key.interestOps() & SelectionKey.OP_READ) != 0;
		}
		catch (CancelledKeyException ex) {
			return false;
		}
	}

	private void awaitRemoval(Selector selector) {
		long end = System.nanoTime() + PATIENCE_NANOS;
		closeRemoved();
		while (!this.leaving.isEmpty() && end - System.nanoTime() > 0) {
			selector.wakeup();
			LockSupport.parkNanos(POLL_NANOS);
			closeRemoved();
		}
	}

	/**
	 * Close the channels that no selector has any more. Those that a busy poller has
	 * still are closed by the next call.
	 */
	synchronized void closeRemoved() {
		this.leaving.removeIf((channel) -> {
			if (!channel.isRegistered()) {
				close(channel);
			}
			return !channel.isOpen();
		});
	}

	private static void close(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			logger.debug("The channel of a connection that was moved was not closed cleanly", ex);
		}
	}

}
