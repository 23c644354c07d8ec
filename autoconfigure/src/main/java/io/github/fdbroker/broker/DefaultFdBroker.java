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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.beans.factory.DisposableBean;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.wire.Traffic;

/**
 * Sends to configured peers, and to others by their path.
 */
public final class DefaultFdBroker implements FdBroker, DisposableBean {

	private final Map<String, Peer> peers;

	private final PathPeers others;

	private final Function<Path, PeerSettings> unnamed;

	private final Messenger messenger;

	private final WaitingDescriptors descriptors;

	/**
	 * Create a broker.
	 * @param peers the settings of all peers, by name
	 * @param unnamed the settings of a peer that is not configured, by its path
	 * @param transport the transport for bytes and descriptors
	 * @param messenger prepares messages and sends them
	 * @param descriptors counts the descriptors that wait to be sent
	 */
	public DefaultFdBroker(Map<String, PeerSettings> peers, Function<Path, PeerSettings> unnamed, Transport transport,
			Messenger messenger, WaitingDescriptors descriptors) {
		this.descriptors = descriptors;
		Function<PeerSettings, Peer> factory = (settings) -> new Peer(settings,
				new PeerConnector(settings, transport, messenger.converters()), descriptors);
		this.others = new PathPeers(factory);
		this.peers = peers.values()
			.stream()
			.map(factory)
			.collect(Collectors.toMap((peer) -> peer.settings().name(), Function.identity()));
		this.unnamed = unnamed;
		this.messenger = messenger;
	}

	@Override
	public MessageSpec to(String peer) {
		return this.messenger.to(peer(peer));
	}

	@Override
	public MessageSpec to(Path path) {
		return this.messenger.to(other(this.unnamed.apply(path)));
	}

	@Override
	public MessageSpec to(String peer, Path path) {
		return this.messenger.to(other(peer(peer).at(path)));
	}

	@Override
	public FdSession connect(String peer) {
		return peer(peer).connect(this.messenger);
	}

	@Override
	public FdSession connect(Path path) {
		return connect(other(this.unnamed.apply(path)));
	}

	@Override
	public FdSession connect(String peer, Path path) {
		return connect(other(peer(peer).at(path)));
	}

	/**
	 * Return the state of the configured peers, and of other peers that were used.
	 * @return the peers
	 */
	public List<PeerStatus> peers() {
		return Stream.concat(this.peers.values().stream(), this.others.all().stream()).map(Peer::status).toList();
	}

	/**
	 * Return the state of the peers that share a name for metrics.
	 * @param group the name, see {@link PeerSettings#group()}
	 * @return the peers
	 */
	public List<PeerStatus> peers(String group) {
		return Stream.concat(this.peers.values().stream(), this.others.all().stream())
			.filter((peer) -> peer.group().equals(group))
			.map(Peer::status)
			.toList();
	}

	/**
	 * Return how much was exchanged with the peers with one name for metrics.
	 * @param group the name, see {@link PeerSettings#group()}
	 * @param count what to count
	 * @return the sum, also of peers that are no longer kept
	 */
	public long traffic(String group, ToLongFunction<Traffic> count) {
		Peer configured = this.peers.get(group);
		return this.others.traffic(group, count) + ((configured != null) ? count.applyAsLong(configured.traffic()) : 0);
	}

	/**
	 * Connect to a configured peer, without waiting for it, and close the connection.
	 * @param peer the name of the peer
	 * @throws FdException if it cannot be reached or is not the expected one
	 */
	public void probe(String peer) {
		peer(peer).probe();
	}

	/**
	 * Return how many descriptors wait to be sent asynchronously.
	 * @return the number
	 */
	public int waitingDescriptors() {
		return this.descriptors.count();
	}

	@Override
	public void destroy() {
		this.peers.values().forEach(Peer::close);
		this.others.close();
	}

	private FdSession connect(PathDestination other) {
		return this.others.use(other.peer(), (peer) -> peer.connect(this.messenger));
	}

	private PathDestination other(PeerSettings settings) {
		if (settings.path().isAbstract()) {
			throw new FdException("The abstract name %s has no owner to check: configure the peer under fdbroker.peers"
				.formatted(settings.path().path()));
		}
		return new PathDestination(this.others, settings);
	}

	private Peer peer(String name) {
		Peer peer = this.peers.get(name);
		if (peer == null) {
			throw new FdException("No peer '%s' is configured under fdbroker.peers; there are: %s".formatted(name,
					new TreeSet<>(this.peers.keySet())));
		}
		return peer;
	}

}
