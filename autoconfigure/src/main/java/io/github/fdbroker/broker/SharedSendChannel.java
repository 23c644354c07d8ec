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

package io.github.fdbroker.broker;

import java.util.List;

import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Sends on the one connection that requests use as well, one after the other.
 *
 * @param connections the connection
 * @param connector makes it
 */
record SharedSendChannel(RequestConnections connections, PeerConnector connector) implements SendChannel {

	@Override
	public void send(List<OutgoingMessage> messages) {
		this.connections.sendOnly(messages);
	}

	@Override
	public boolean isConnected() {
		return this.connections.hasIdle();
	}

	@Override
	public boolean isUnreachable() {
		return false;
	}

	@Override
	public void shutdown() {
		this.connector.cancel();
	}

	@Override
	public void close() {
		this.connections.close();
	}

}
