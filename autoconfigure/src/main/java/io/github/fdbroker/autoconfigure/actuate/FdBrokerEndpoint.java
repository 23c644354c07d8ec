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

package io.github.fdbroker.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.broker.PeerStatus;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.HeldDescriptors;
import io.github.fdbroker.listener.HeldDescriptors.HeldDescriptor;
import io.github.fdbroker.socket.Transport;

/**
 * Shows sockets, connections, descriptors and peers, but never payloads. Connections can
 * be closed, and sockets stopped and started, if the access to the endpoint is
 * unrestricted.
 */
@Endpoint(id = "fdbroker", defaultAccess = Access.READ_ONLY)
public final class FdBrokerEndpoint {

	private final FdListenerRegistry listeners;

	private final @Nullable DefaultFdBroker broker;

	private final DescriptorQuota quota;

	private final HeldDescriptors held;

	private final Closer closer;

	private final Transport transport;

	FdBrokerEndpoint(FdListenerRegistry listeners, @Nullable DefaultFdBroker broker, DescriptorQuota quota,
			HeldDescriptors held, Closer closer, Transport transport) {
		this.listeners = listeners;
		this.broker = broker;
		this.quota = quota;
		this.held = held;
		this.closer = closer;
		this.transport = transport;
	}

	/**
	 * Return the state of all sockets, descriptors and peers.
	 * @return the state
	 */
	@ReadOperation
	public FdBrokerDescriptor fdbroker() {
		return new FdBrokerDescriptor(sockets(), descriptors(), peers());
	}

	/**
	 * Start or stop a socket.
	 * @param socket the name of the socket
	 * @param action what to do
	 */
	@WriteOperation
	public void control(@Selector String socket, Action action) {
		FdListenerContainer container = this.listeners.container(socket);
		if (container == null) {
			throw new InvalidEndpointRequestException("No listener serves a socket '%s'".formatted(socket),
					"Unknown socket");
		}
		switch (action) {
			case START -> container.start();
			case STOP -> container.stop();
		}
	}

	/**
	 * Close a connection. Messages that have arrived are dropped.
	 * @param connection the number of the connection
	 */
	@DeleteOperation
	public void close(@Selector long connection) {
		boolean found = this.listeners.containers()
			.stream()
			.anyMatch((container) -> container.closeConnection(connection));
		if (!found) {
			throw new InvalidEndpointRequestException("No socket has a connection " + connection, "Unknown connection");
		}
	}

	private Map<String, SocketDescriptor> sockets() {
		Map<String, SocketDescriptor> sockets = new LinkedHashMap<>();
		this.listeners.containers()
			.forEach((container) -> sockets.put(container.settings().name(),
					SocketDescriptor.of(container, this.transport)));
		return sockets;
	}

	private DescriptorsDescriptor descriptors() {
		return new DescriptorsDescriptor(this.quota.held(), this.closer.pending(),
				(this.broker != null) ? this.broker.waitingDescriptors() : 0, this.held.all());
	}

	private Map<String, PeerDescriptor> peers() {
		Map<String, PeerDescriptor> peers = new LinkedHashMap<>();
		if (this.broker != null) {
			for (PeerStatus peer : this.broker.peers()) {
				String name = peer.settings().name();
				// A peer of another path that uses the settings of this one has its name.
				peers.put(peers.containsKey(name) ? String.valueOf(peer.settings().path()) : name,
						PeerDescriptor.of(peer));
			}
		}
		return peers;
	}

	/**
	 * An operation on a socket.
	 */
	public enum Action {

		/** Open the socket. */
		START,

		/** Close the socket, and each connection once its messages are replied to. */
		STOP

	}

	/**
	 * The state of all sockets, descriptors and peers.
	 *
	 * @param sockets the sockets that have listeners, by name
	 * @param descriptors the received descriptors
	 * @param peers the peers, by name or path
	 */
	public record FdBrokerDescriptor(Map<String, SocketDescriptor> sockets, DescriptorsDescriptor descriptors,
			Map<String, PeerDescriptor> peers) {
	}

	/**
	 * The descriptors of all sockets and peers.
	 *
	 * @param held how many received descriptors are open
	 * @param closing how many closes are in progress or wait for a thread
	 * @param waiting how many descriptors wait to be sent asynchronously
	 * @param open the received descriptors that are open
	 */
	public record DescriptorsDescriptor(int held, int closing, int waiting, List<HeldDescriptor> open) {
	}

}
