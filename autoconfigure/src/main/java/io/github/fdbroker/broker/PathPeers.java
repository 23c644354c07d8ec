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

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.wire.Traffic;

/**
 * The peers that are used by their path. They are kept with their connections. If there
 * are too many, those that were not used for the longest time are closed, first the ones
 * without a connection, but none for which something is under way. Safe for use by
 * several threads.
 */
final class PathPeers {

	private static final int MAX = 256;

	private final Function<PeerSettings, Peer> factory;

	/** In the order of their latest use. */
	private final Map<SocketPath, Kept> peers = new LinkedHashMap<>(16, 0.75f, true);

	/** What was exchanged with peers that are no longer kept, by their group. */
	private final Map<String, Traffic> dropped = new LinkedHashMap<>();

	private boolean closed;

	PathPeers(Function<PeerSettings, Peer> factory) {
		this.factory = factory;
	}

	/**
	 * Use a peer, which is kept meanwhile.
	 */
	<T> T use(PeerSettings settings, Function<Peer, T> action) {
		Kept kept = begin(settings);
		try {
			return action.apply(kept.peer);
		}
		finally {
			end(kept);
		}
	}

	synchronized List<Peer> all() {
		return this.peers.values().stream().map((kept) -> kept.peer).toList();
	}

	/**
	 * Return how much was exchanged with the peers of a group, also with those that are
	 * no longer kept.
	 */
	synchronized long traffic(String group, ToLongFunction<Traffic> count) {
		long now = this.peers.values()
			.stream()
			.filter((kept) -> kept.peer.group().equals(group))
			.mapToLong((kept) -> count.applyAsLong(kept.peer.traffic()))
			.sum();
		Traffic before = this.dropped.get(group);
		return (before != null) ? now + count.applyAsLong(before) : now;
	}

	void close() {
		List<Peer> last;
		synchronized (this) {
			this.closed = true;
			last = all();
		}
		last.forEach(Peer::close);
	}

	private synchronized Kept begin(PeerSettings settings) {
		Kept kept = this.peers.get(settings.path());
		if (kept == null) {
			kept = new Kept(this.factory.apply(settings));
			this.peers.put(settings.path(), kept);
			if (this.closed) {
				kept.peer.close();
			}
		}
		kept.users++;
		return kept;
	}

	private void end(Kept kept) {
		List<Peer> surplus = new ArrayList<>();
		synchronized (this) {
			kept.users--;
			remove(surplus, false);
			remove(surplus, true);
		}
		surplus.forEach(Peer::close);
	}

	private void remove(List<Peer> surplus, boolean connected) {
		Iterator<Kept> eldest = this.peers.values().iterator();
		while (this.peers.size() > MAX && eldest.hasNext()) {
			Kept kept = eldest.next();
			if (kept.users == 0 && kept.peer.isIdle() && (connected || !kept.peer.isConnected())) {
				eldest.remove();
				this.dropped.computeIfAbsent(kept.peer.group(), (key) -> new Traffic()).add(kept.peer.traffic());
				surplus.add(kept.peer);
			}
		}
	}

	/**
	 * A peer, and how many threads use it.
	 */
	private static final class Kept {

		private final Peer peer;

		private int users;

		private Kept(Peer peer) {
			this.peer = peer;
		}

	}

}
