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

import io.github.fdbroker.web.ServingConnector;

/**
 * The connections of a Netty server.
 */
final class NettyConnector implements ServingConnector {

	private final AdoptingResources resources;

	private final Set<ConnectionTracker> connections = ConcurrentHashMap.newKeySet();

	private volatile boolean ending;

	NettyConnector(AdoptingResources resources) {
		this.resources = resources;
	}

	@Override
	public void keepConnections() {
		this.ending = false;
	}

	@Override
	public void stopAccepting() {
		this.resources.closeChannel();
		this.ending = true;
	}

	@Override
	public int busyConnections() {
		return (int) this.connections.stream().filter(ConnectionTracker::isBusy).count();
	}

	@Override
	public int connections() {
		return this.connections.size() + this.resources.pending();
	}

	/**
	 * Whether each connection ends with its next response.
	 */
	boolean isEnding() {
		return this.ending;
	}

	void opened(ConnectionTracker connection) {
		this.connections.add(connection);
	}

	void registered() {
		this.resources.registered();
	}

	void closed(ConnectionTracker connection) {
		this.connections.remove(connection);
	}

}
