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

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A peer that is used by its path.
 *
 * @param peers keeps the peers
 * @param peer the settings of the peer
 */
record PathDestination(PathPeers peers, PeerSettings peer) implements Destination {

	@Override
	public DestinationSettings settings() {
		return this.peer.messages();
	}

	@Override
	public String group() {
		return this.peer.group();
	}

	@Override
	public boolean acknowledges() {
		return this.peer.acknowledge();
	}

	@Override
	public void send(OutgoingMessage message) {
		this.peers.use(this.peer, (used) -> {
			used.send(message);
			return message;
		});
	}

	@Override
	public CompletionStage<Void> sendAsync(OutgoingMessage message) {
		return this.peers.use(this.peer, (used) -> used.sendAsync(message));
	}

	@Override
	public FdMessage request(OutgoingMessage message, Duration timeout) {
		return this.peers.use(this.peer, (used) -> used.request(message, timeout));
	}

	@Override
	public void start(AsyncRequest request) {
		this.peers.use(this.peer, (used) -> {
			used.start(request);
			return request;
		});
	}

}
