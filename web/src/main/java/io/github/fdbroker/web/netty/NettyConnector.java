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

package io.github.fdbroker.web.netty;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ServingConnector;

/**
 * The channel of a Netty server, and its connections.
 */
final class NettyConnector implements ServingConnector {

	private final Set<ConnectionTracker> connections = ConcurrentHashMap.newKeySet();

	/** Connections that were accepted, and whose pipeline is not made yet. */
	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable Channel channel;

	private volatile boolean accepting;

	private volatile boolean ending;

	/**
	 * The server starts, with this channel.
	 */
	void serving(Channel channel, boolean accepting) {
		this.accepting = accepting;
		this.ending = false;
		this.channel = channel;
	}

	@Override
	public void startAccepting() {
		this.ending = false;
		accept(true);
	}

	@Override
	public void stopAccepting() {
		accept(false);
		this.ending = true;
		this.connections.forEach(ConnectionTracker::end);
	}

	private void accept(boolean accepting) {
		Channel channel = this.channel;
		if (channel != null && channel.isRegistered()) {
			// In the thread that accepts, so that it is not accepting meanwhile.
			channel.eventLoop().submit(() -> accept(channel, accepting)).awaitUninterruptibly();
		}
		this.accepting = accepting;
	}

	private void accept(Channel channel, boolean accepting) {
		this.accepting = accepting;
		channel.config().setAutoRead(accepting);
		if (accepting) {
			channel.read();
		}
	}

	/**
	 * Whether the channel may accept.
	 */
	boolean isAccepting() {
		return this.accepting;
	}

	@Override
	public int busyConnections() {
		return (int) this.connections.stream().filter(ConnectionTracker::isBusy).count();
	}

	@Override
	public int connections() {
		return this.connections.size() + this.pending.get();
	}

	/**
	 * Whether each connection ends with its next response.
	 */
	boolean isEnding() {
		return this.ending;
	}

	void accepted(int count) {
		this.pending.addAndGet(count);
	}

	void registered() {
		this.pending.decrementAndGet();
	}

	void opened(ConnectionTracker connection) {
		this.connections.add(connection);
	}

	void closed(ConnectionTracker connection) {
		this.connections.remove(connection);
	}

}
