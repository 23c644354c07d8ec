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

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.PeerCredentials;

/**
 * What was found for connections. Each has one object with the credentials of its peer
 * until it ends. Safe for use by several threads.
 */
final class ConnectionNames {

	private final Map<Key, PeerAuthorities.Names> names = new ConcurrentHashMap<>();

	private final ReferenceQueue<PeerCredentials> ended = new ReferenceQueue<>();

	PeerAuthorities.@Nullable Names get(PeerCredentials peer) {
		return this.names.get(new Key(peer, null));
	}

	void put(PeerCredentials peer, PeerAuthorities.Names found) {
		for (Reference<?> key = this.ended.poll(); key != null; key = this.ended.poll()) {
			this.names.remove(key);
		}
		this.names.put(new Key(peer, this.ended), found);
	}

	/**
	 * Credentials that are equal to no others, not even to those of another connection of
	 * the same process.
	 */
	private static final class Key extends WeakReference<PeerCredentials> {

		private final int hash;

		Key(PeerCredentials peer, @Nullable ReferenceQueue<PeerCredentials> queue) {
			super(peer, queue);
			this.hash = System.identityHashCode(peer);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			if (this == other) {
				return true;
			}
			PeerCredentials peer = get();
			return peer != null && other instanceof Key key && key.refersTo(peer);
		}

		@Override
		public int hashCode() {
			return this.hash;
		}

	}

}
