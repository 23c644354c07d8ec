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

import io.github.fdbroker.PeerCredentials;

/**
 * Decides whether a peer may connect. The authorizer is called after a connection is
 * accepted and before anything is read from it, so that no descriptor of an unauthorized
 * peer enters this process. A bean of this type replaces the {@code allow} properties of
 * all sockets.
 */
@FunctionalInterface
public interface PeerAuthorizer {

	/**
	 * Decide whether to admit a peer. This method is called by the thread that accepts
	 * connections and must return quickly. A peer is refused if this method throws an
	 * exception.
	 * @param peer the credentials that the kernel reports
	 * @param socket the name of the socket
	 * @return {@code true} to admit the peer
	 */
	boolean isAllowed(PeerCredentials peer, String socket);

}
