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

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.UserDatabase;

/**
 * Finds the authorities of peers: {@code UID_<number>} and {@code USER_<name>}, and for
 * the primary and each known supplementary group {@code GID_<number>} and
 * {@code GROUP_<name>}. Names are looked up again after a minute. Safe for use by several
 * threads.
 */
final class PeerAuthorities {

	private static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final int MAX_ENTRIES = 1000;

	private final UserDatabase users;

	private final Map<Identity, Names> known = new ConcurrentHashMap<>();

	PeerAuthorities(UserDatabase users) {
		this.users = users;
	}

	Names of(PeerCredentials peer) {
		Identity identity = new Identity(peer.uid(), peer.gid(), peer.groups());
		Names names = this.known.get(identity);
		if (names == null || System.nanoTime() - names.nanoTime() > MAX_AGE_NANOS) {
			names = find(identity);
			if (this.known.size() >= MAX_ENTRIES) {
				this.known.clear();
			}
			this.known.put(identity, names);
		}
		return names;
	}

	private Names find(Identity identity) {
		List<GrantedAuthority> authorities = new ArrayList<>();
		authorities.add(new SimpleGrantedAuthority("UID_" + identity.uid()));
		String user = this.users.user(identity.uid()).orElse(null);
		if (user != null) {
			authorities.add(new SimpleGrantedAuthority("USER_" + user));
		}
		Set<Long> gids = new LinkedHashSet<>(List.of(identity.gid()));
		gids.addAll(identity.groups());
		for (Long gid : gids) {
			authorities.add(new SimpleGrantedAuthority("GID_" + gid));
			this.users.group(gid).ifPresent((group) -> authorities.add(new SimpleGrantedAuthority("GROUP_" + group)));
		}
		return new Names((user != null) ? user : String.valueOf(identity.uid()), List.copyOf(authorities),
				System.nanoTime());
	}

	/**
	 * The user and the groups of a peer.
	 */
	private record Identity(long uid, long gid, List<Long> groups) {
	}

	/**
	 * The name and the authorities of a peer.
	 *
	 * @param user the name of the user, or its number if it has none
	 * @param authorities the authorities
	 * @param nanoTime when the names were looked up
	 */
	record Names(String user, List<GrantedAuthority> authorities, long nanoTime) {
	}

}
