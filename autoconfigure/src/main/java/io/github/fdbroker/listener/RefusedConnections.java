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

import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdConnection;

/**
 * Closes the connections of one socket that were refused. The closing of descriptors that
 * wait in them may hang. If too many closes of a user hang, or of all users together, the
 * socket takes no descriptors from new peers until its own closes have ended. Where the
 * kernel cannot do that, the users at their limit go on until the limit of all is
 * reached, and then the socket accepts nothing until some connections are closed.
 */
final class RefusedConnections {

	private static final int HANGING_MILLIS = 500;

	private final ListenerContext context;

	private final RefusedCloses closes;

	private final int spare;

	private final AtomicInteger pending = new AtomicInteger();

	private final Object lock = new Object();

	private boolean withoutDescriptors;

	private volatile boolean hung;

	RefusedConnections(ListenerContext context) {
		this.context = context;
		this.closes = context.services().closer().refused();
		this.spare = context.services().heldDescriptors().total() / 2;
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
		long uid = connection.peer().uid();
		this.pending.incrementAndGet();
		this.closes.begin(uid);
		this.context.services().closer().close(uid, () -> closeHere(connection, socket));
		awaitRoom(uid, socket);
	}

	private void closeHere(FdConnection connection, ConnectionAcceptor socket) {
		try {
			connection.close();
		}
		finally {
			this.closes.end(connection.peer().uid());
			ended(socket);
		}
	}

	private void ended(ConnectionAcceptor socket) {
		synchronized (this.lock) {
			if (this.pending.decrementAndGet() == 0 && this.withoutDescriptors) {
				this.withoutDescriptors = !socket.passDescriptors(true);
			}
		}
	}

	private void awaitRoom(long uid, ConnectionAcceptor socket) {
		try {
			while (!isWithoutDescriptors() && this.closes.isFull(uid, this.spare) && socket.isOpen()) {
				if (!this.closes.awaitRoom(uid, this.spare, HANGING_MILLIS)) {
					hang(uid, socket);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean isWithoutDescriptors() {
		synchronized (this.lock) {
			return this.withoutDescriptors;
		}
	}

	private void hang(long uid, ConnectionAcceptor socket) {
		if (refuseDescriptors(socket)) {
			log(uid, "takes no descriptors from peers that it has not admitted yet");
		}
		else if (this.closes.hang(uid)) {
			log(uid, "goes on accepting");
		}
		else {
			log(uid, "accepts no connections");
		}
	}

	/**
	 * With the lock: the last close that ends must find out.
	 */
	private boolean refuseDescriptors(ConnectionAcceptor socket) {
		synchronized (this.lock) {
			if (this.pending.get() > 0 && socket.passDescriptors(false)) {
				this.withoutDescriptors = true;
				this.hung = true;
			}
			return this.withoutDescriptors;
		}
	}

	private void log(long uid, String consequence) {
		this.context.refusals()
			.paused("Socket %s %s: closing refused connections hangs, %d of uid %d and %d of all users".formatted(
					this.context.settings().path(), consequence, this.closes.pending(uid), uid, this.closes.pending()));
	}

}
