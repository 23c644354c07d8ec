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

import java.util.Set;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.fdbroker.listener.ContainerCounters;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.wire.Traffic;

/**
 * The metrics of the sockets that this application listens on. The values of a socket
 * without a listener are 0.
 *
 * @param sockets the names of the sockets
 * @param listeners serve the sockets
 */
record SocketMetrics(Set<String> sockets, FdListenerRegistry listeners) implements MeterBinder {

	private static final String SOCKET = "socket";

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String socket : this.sockets) {
			bindTo(registry, socket);
		}
	}

	private void bindTo(MeterRegistry registry, String socket) {
		Gauge.builder("fdbroker.socket.connections.active", this, (metrics) -> metrics.connections(socket))
			.description("Connections that are served")
			.tag(SOCKET, socket)
			.register(registry);
		counter("fdbroker.socket.connections", socket, ContainerCounters::connections)
			.description("Connections that were accepted and admitted")
			.register(registry);
		traffic("in", socket, Traffic::messagesReceived, Traffic::descriptorsReceived, registry);
		traffic("out", socket, Traffic::messagesSent, Traffic::descriptorsSent, registry);
		counter("fdbroker.socket.replies.dropped", socket, ContainerCounters::repliesDropped)
			.description("Replies that the requester did not receive")
			.register(registry);
		for (RejectionReason reason : RejectionReason.values()) {
			counter("fdbroker.socket.refusals", socket, (counters) -> counters.refusals(reason))
				.description("Connections and messages that were refused, and connections that were ended for a reason")
				.tag("reason", reason.label())
				.register(registry);
		}
	}

	private void traffic(String direction, String socket, ToDoubleFunction<Traffic> messages,
			ToDoubleFunction<Traffic> descriptors, MeterRegistry registry) {
		counter("fdbroker.socket.messages", socket, (counters) -> messages.applyAsDouble(counters.traffic()))
			.description("Messages received, and replies sent")
			.tag("direction", direction)
			.register(registry);
		counter("fdbroker.socket.descriptors", socket, (counters) -> descriptors.applyAsDouble(counters.traffic()))
			.description("Descriptors received with messages, and sent with replies")
			.tag("direction", direction)
			.register(registry);
	}

	private FunctionCounter.Builder<SocketMetrics> counter(String name, String socket,
			ToDoubleFunction<ContainerCounters> value) {
		return FunctionCounter.builder(name, this, (metrics) -> {
			FdListenerContainer container = metrics.listeners.container(socket);
			return (container != null) ? value.applyAsDouble(container.counters()) : 0;
		}).tag(SOCKET, socket);
	}

	private int connections(String socket) {
		FdListenerContainer container = this.listeners.container(socket);
		return (container != null) ? container.connections() : 0;
	}

}
