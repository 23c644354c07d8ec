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

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

import io.github.fdbroker.listener.ConnectionSlots.Slot;

/**
 * The connections that one socket has accepted, each of which is served by a thread of
 * its own. Safe for use by several threads.
 */
final class ServedConnections {

	private final ListenerContext context;

	private final ExecutorService threads;

	private final Runnable onEnd;

	private final Set<ServedConnection> connections = ConcurrentHashMap.newKeySet();

	/**
	 * Create an instance.
	 * @param context the context of the connections
	 * @param threads the threads that serve them
	 * @param onEnd called whenever a connection has ended
	 */
	ServedConnections(ListenerContext context, ExecutorService threads, Runnable onEnd) {
		this.context = context;
		this.threads = threads;
		this.onEnd = onEnd;
	}

	Collection<ServedConnection> all() {
		return this.connections;
	}

	boolean isEmpty() {
		return this.connections.isEmpty();
	}

	/**
	 * Serve a connection on another thread.
	 * @param connection the connection, which is closed if this fails
	 * @param slot its slot, which is released once the connection has ended
	 */
	void serve(ServedConnection connection, Slot slot) {
		this.context.counters().connectionAccepted();
		this.connections.add(connection);
		try {
			this.threads.execute(() -> run(connection, slot));
		}
		catch (RuntimeException | Error ex) {
			connection.close();
			ended(connection, slot);
			throw ex;
		}
	}

	void drain() {
		this.connections.forEach(ServedConnection::drain);
	}

	/**
	 * End all connections, and interrupt their threads.
	 */
	void abort() {
		this.connections.forEach(ServedConnection::abort);
		this.threads.shutdownNow();
	}

	/**
	 * End the threads. No further connection will come.
	 */
	void shutdown() {
		this.threads.shutdown();
	}

	private void run(ServedConnection connection, Slot slot) {
		try {
			this.context.accepted(connection.status());
		}
		finally {
			serveAndEnd(connection, slot);
		}
	}

	private void serveAndEnd(ServedConnection connection, Slot slot) {
		try {
			connection.run();
			this.context.ended(connection.status());
		}
		finally {
			ended(connection, slot);
		}
	}

	private void ended(ServedConnection connection, Slot slot) {
		this.connections.remove(connection);
		slot.release();
		this.onEnd.run();
	}

}
