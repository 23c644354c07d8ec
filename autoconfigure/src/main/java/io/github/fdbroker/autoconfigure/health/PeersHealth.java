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
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.broker.DefaultFdBroker;

/**
 * The health of the peers that this application requires.
 *
 * @param required the names of the peers
 * @param broker connects to the peers, {@code null} if the application has its own
 */
record PeersHealth(Set<String> required, @Nullable DefaultFdBroker broker) {

	/**
	 * Connect to each peer.
	 * @param details receives the state of each peer
	 * @return whether all peers are reachable
	 */
	boolean check(Map<String, String> details) {
		boolean healthy = true;
		if (this.broker != null) {
			for (String peer : this.required) {
				healthy &= check(peer, this.broker, details);
			}
		}
		return healthy;
	}

	private static boolean check(String peer, DefaultFdBroker broker, Map<String, String> details) {
		try {
			broker.probe(peer);
			details.put(peer, "reachable");
			return true;
		}
		catch (FdException ex) {
			details.put(peer, "unreachable: " + ex.getMessage());
			return false;
		}
	}

}
