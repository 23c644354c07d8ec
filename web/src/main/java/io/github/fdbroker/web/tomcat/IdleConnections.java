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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Knows which connections were served and wait for their next request.
 */
final class IdleConnections implements Handler<NioChannel> {

	private final Handler<NioChannel> delegate;

	private final Set<SocketWrapperBase<NioChannel>> idle = ConcurrentHashMap.newKeySet();

	IdleConnections(Handler<NioChannel> delegate) {
		this.delegate = delegate;
	}

	int count() {
		return this.idle.size();
	}

	/**
	 * Whether a connection waits for its next request, or for its first. The caller holds
	 * its lock: while it does, nobody reads from the connection.
	 */
	boolean isWaiting(SocketWrapperBase<NioChannel> connection) {
		return this.idle.contains(connection)
				|| connection.getSocket() instanceof MovableChannel socket && !socket.isUsed();
	}

	void add(SocketWrapperBase<NioChannel> connection) {
		this.idle.add(connection);
	}

	/**
	 * The caller holds the lock of the connection. Tomcat answers the timeout of a
	 * request that is no longer asynchronous with {@code OPEN} too, and does nothing.
	 */
	@Override
	public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
		if (connection.getSocket() instanceof MovableChannel socket) {
			socket.use();
		}
		boolean idle = this.idle.remove(connection);
		SocketState state = this.delegate.process(connection, event);
		if (state == SocketState.OPEN && (idle || event != SocketEvent.TIMEOUT)) {
			this.idle.add(connection);
		}
		return state;
	}

	@Override
	public Object getGlobal() {
		return this.delegate.getGlobal();
	}

	@Override
	public void release(SocketWrapperBase<NioChannel> connection) {
		this.idle.remove(connection);
		this.delegate.release(connection);
	}

	@Override
	public void pause() {
		this.delegate.pause();
	}

	@Override
	public void recycle() {
		this.idle.clear();
		this.delegate.recycle();
	}

}
