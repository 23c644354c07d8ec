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

package io.github.fdbroker.security;

import java.util.Set;

import io.github.fdbroker.PeerCredentials;

/**
 * Admits only the users and groups of a list.
 */
public final class AllowListPeerAuthorizer implements PeerAuthorizer {

	private final Set<Long> uids;

	private final Set<Long> gids;

	/**
	 * Create an authorizer.
	 * @param uids the users
	 * @param gids the groups; a peer is admitted by its primary group, and by its
	 * supplementary groups where the system reports them
	 */
	public AllowListPeerAuthorizer(Set<Long> uids, Set<Long> gids) {
		this.uids = Set.copyOf(uids);
		this.gids = Set.copyOf(gids);
	}

	/**
	 * Whether only one user is admitted.
	 * @param uid the user
	 * @return {@code true} if no other user and no group is admitted
	 */
	public boolean isOnly(long uid) {
		return this.gids.isEmpty() && this.uids.equals(Set.of(uid));
	}

	@Override
	public boolean isAllowed(PeerCredentials peer, String socket) {
		return this.uids.contains(peer.uid()) || this.gids.contains(peer.gid())
				|| peer.groups().stream().anyMatch(this.gids::contains);
	}

}
