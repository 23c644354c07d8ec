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

package io.github.fdbroker.autoconfigure.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.UserDatabase;

/**
 * Finds the authorities of peers: {@code UID_<number>} and {@code USER_<name>}, and for
 * the primary and each known supplementary group {@code GID_<number>} and
 * {@code GROUP_<name>}. Names are looked up once for a connection. Further connections of
 * the same user and groups use them for a while. Safe for use by several threads.
 */
final class PeerAuthorities {

	static final Duration MAX_AGE = Duration.ofMinutes(1);

	private static final int MAX_ENTRIES = 1000;

	private final UserDatabase users;

	private final long maxAgeNanos;

	private final Map<Identity, Lookup> lookups = new ConcurrentHashMap<>();

	private final ConnectionNames connections = new ConnectionNames();

	/**
	 * Create an instance.
	 * @param users where names are looked up
	 * @param maxAge how long further connections use what was found
	 */
	PeerAuthorities(UserDatabase users, Duration maxAge) {
		this.users = users;
		this.maxAgeNanos = maxAge.toNanos();
	}

	Names of(PeerCredentials peer) {
		Names names = this.connections.get(peer);
		if (names == null) {
			names = lookup(new Identity(peer.uid(), peer.gid(), peer.groups())).names().obtain();
			this.connections.put(peer, names);
		}
		return names;
	}

	/**
	 * Return the lookup of an identity, which threads that need it at once share.
	 */
	private Lookup lookup(Identity identity) {
		if (this.lookups.size() >= MAX_ENTRIES) {
			this.lookups.clear();
		}
		long now = System.nanoTime();
		return this.lookups.compute(identity,
				(key, known) -> (known != null && now - known.nanoTime() < this.maxAgeNanos) ? known
						: new Lookup(SingletonSupplier.of(() -> find(key)), now));
	}

	private Names find(Identity identity) {
		Set<Long> gids = new LinkedHashSet<>(List.of(identity.gid()));
		gids.addAll(identity.groups());
		UserDatabase.Names found = this.users.names(identity.uid(), gids);
		List<GrantedAuthority> authorities = new ArrayList<>();
		authorities.add(new SimpleGrantedAuthority("UID_" + identity.uid()));
		String user = found.user();
		if (user != null) {
			authorities.add(new SimpleGrantedAuthority("USER_" + user));
		}
		for (Long gid : gids) {
			authorities.add(new SimpleGrantedAuthority("GID_" + gid));
			String group = found.groups().get(gid);
			if (group != null) {
				authorities.add(new SimpleGrantedAuthority("GROUP_" + group));
			}
		}
		return new Names((user != null) ? user : String.valueOf(identity.uid()), List.copyOf(authorities));
	}

	/**
	 * The user and the groups of a peer.
	 */
	private record Identity(long uid, long gid, List<Long> groups) {
	}

	/**
	 * A lookup.
	 *
	 * @param names looks them up when they are needed first
	 * @param nanoTime when they were needed
	 */
	private record Lookup(SingletonSupplier<Names> names, long nanoTime) {
	}

	/**
	 * The name and the authorities of a peer.
	 *
	 * @param user the name of the user, or its number if it has none
	 * @param authorities the authorities
	 */
	record Names(String user, List<GrantedAuthority> authorities) {
	}

}
