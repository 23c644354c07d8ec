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

package io.github.fdbroker.listener;

import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdConnection;

/**
 * Closes the connections of one socket that were refused. Closing the descriptors that
 * wait in them may hang. While too many closes hang, the socket takes no descriptors from
 * new peers. If the kernel does not support that, more closes may hang, and then the
 * socket accepts no connections until some of them have ended.
 */
final class RefusedConnections {

	private static final int MAX_PENDING = 96;

	private static final int HANGING_MILLIS = 500;

	private final ListenerContext context;

	private final Object lock = new Object();

	private int limit = MAX_PENDING;

	private int pending;

	private int closed;

	private boolean withoutDescriptors;

	private volatile boolean hung;

	RefusedConnections(ListenerContext context) {
		this.context = context;
	}

	/**
	 * Whether the socket has taken no descriptors for some time. Connections that were
	 * made in that time take none either.
	 */
	boolean haveHung() {
		return this.hung;
	}

	/**
	 * Close a connection. For the thread that accepts.
	 */
	void close(FdConnection connection, ConnectionAcceptor socket) {
		if (connection.closeIfEmpty()) {
			return;
		}
		synchronized (this.lock) {
			this.pending++;
		}
		this.context.services().closer().close(connection.peer().uid(), () -> closeHere(connection, socket));
		awaitRoom(socket);
	}

	private void closeHere(FdConnection connection, ConnectionAcceptor socket) {
		try {
			connection.close();
		}
		finally {
			ended(socket);
		}
	}

	private void ended(ConnectionAcceptor socket) {
		synchronized (this.lock) {
			this.pending--;
			this.closed++;
			if (this.pending == 0 && this.withoutDescriptors) {
				this.withoutDescriptors = !socket.passDescriptors(true);
			}
			this.lock.notifyAll();
		}
	}

	private void awaitRoom(ConnectionAcceptor socket) {
		try {
			synchronized (this.lock) {
				while (this.pending >= this.limit && !this.withoutDescriptors && socket.isOpen()) {
					int before = this.closed;
					this.lock.wait(HANGING_MILLIS);
					if (this.closed == before) {
						hang(socket);
					}
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void hang(ConnectionAcceptor socket) {
		if (socket.passDescriptors(false)) {
			this.withoutDescriptors = true;
			this.hung = true;
			log("takes no descriptors from peers that it has not admitted yet");
		}
		else if (this.limit == MAX_PENDING) {
			this.limit += Math.min(this.context.settings().maxConnections() / 4,
					this.context.services().heldDescriptors().total() / 2);
		}
		else {
			log("accepts no connections");
		}
	}

	private void log(String consequence) {
		this.context.refusals()
			.paused("Socket %s %s: closing %d refused connections hangs".formatted(this.context.settings().path(),
					consequence, this.pending));
	}

}
