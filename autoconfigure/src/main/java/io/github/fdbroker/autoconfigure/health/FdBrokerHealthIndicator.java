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

package io.github.fdbroker.autoconfigure.health;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of this application's sockets, of the peers that it requires, and of its
 * descriptor table.
 */
final class FdBrokerHealthIndicator extends AbstractHealthIndicator {

	private final SocketsHealth sockets;

	private final PeersHealth peers;

	private final Supplier<DescriptorTable> table;

	FdBrokerHealthIndicator(SocketsHealth sockets, PeersHealth peers, Supplier<DescriptorTable> table) {
		super("The state of the sockets cannot be determined");
		this.sockets = sockets;
		this.peers = peers;
		this.table = table;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, String> sockets = new TreeMap<>();
		Map<String, String> peers = new TreeMap<>();
		DescriptorTable descriptors = this.table.get();
		boolean up = this.sockets.check(sockets) & this.peers.check(peers) & !descriptors.isAlmostFull();
		builder.status((up ? Health.up() : Health.down()).build().getStatus())
			.withDetail("sockets", sockets)
			.withDetail("peers", peers)
			.withDetail("descriptors", descriptors);
	}

}
