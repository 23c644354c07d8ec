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

package io.github.fdbroker.autoconfigure.metrics;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.broker.PeerSettings;
import io.github.fdbroker.broker.PeerStatus;
import io.github.fdbroker.wire.Traffic;

/**
 * The metrics of the peers. Those that are not configured, but used by their path, are
 * counted together.
 *
 * @param peers the names of the configured peers
 * @param broker sends to the peers
 */
record PeerMetrics(Set<String> peers, DefaultFdBroker broker) implements MeterBinder {

	private static final String PEER = "peer";

	@Override
	public void bindTo(MeterRegistry registry) {
		Set<String> groups = new LinkedHashSet<>(this.peers);
		groups.add(PeerSettings.UNNAMED);
		for (String peer : groups) {
			traffic("out", peer, Traffic::messagesSent, Traffic::descriptorsSent, registry);
			traffic("in", peer, Traffic::messagesReceived, Traffic::descriptorsReceived, registry);
			gauge("fdbroker.peer.sends.pending", peer, PeerStatus::pendingSends)
				.description("Messages that wait to be sent asynchronously, counted once per descriptor")
				.register(registry);
			gauge("fdbroker.peer.requests.active", peer, PeerStatus::requests)
				.description("Requests that wait for their replies")
				.register(registry);
		}
	}

	private void traffic(String direction, String peer, ToLongFunction<Traffic> messages,
			ToLongFunction<Traffic> descriptors, MeterRegistry registry) {
		counter("fdbroker.peer.messages", peer, messages).description("Messages sent, and replies received")
			.tag("direction", direction)
			.register(registry);
		counter("fdbroker.peer.descriptors", peer, descriptors)
			.description("Descriptors sent with messages, and received with replies")
			.tag("direction", direction)
			.register(registry);
	}

	private Gauge.Builder<DefaultFdBroker> gauge(String name, String peer, ToDoubleFunction<PeerStatus> value) {
		return Gauge.builder(name, this.broker, (source) -> sum(source, peer, value)).tag(PEER, peer);
	}

	private FunctionCounter.Builder<DefaultFdBroker> counter(String name, String peer, ToLongFunction<Traffic> value) {
		return FunctionCounter.builder(name, this.broker, (source) -> source.traffic(peer, value)).tag(PEER, peer);
	}

	private static double sum(DefaultFdBroker broker, String peer, ToDoubleFunction<PeerStatus> value) {
		return broker.peers(peer).stream().mapToDouble(value).sum();
	}

}
