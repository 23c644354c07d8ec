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

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import io.github.fdbroker.PeerCredentials;

/**
 * Records the state of a connection. One thread counts its messages, and any thread may
 * read the record.
 */
final class ConnectionRecord {

	private static final AtomicLong IDS = new AtomicLong();

	private final long id = IDS.incrementAndGet();

	private final long since = System.currentTimeMillis();

	private final AtomicLong messages = new AtomicLong();

	void messageReceived() {
		this.messages.lazySet(this.messages.getPlain() + 1);
	}

	ConnectionStatus status(PeerCredentials peer, DescriptorLease held) {
		return new ConnectionStatus(this.id, peer, Instant.ofEpochMilli(this.since), this.messages.get(), held.held());
	}

}
