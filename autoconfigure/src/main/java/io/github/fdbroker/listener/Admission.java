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

package io.github.fdbroker.listener;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.PeerAuthorizer;

/**
 * Decides whether a peer may use a socket.
 *
 * @param authorizer the authorizer
 * @param socket the name of the socket
 * @param refusals logs the failures of the authorizer
 */
record Admission(PeerAuthorizer authorizer, String socket, Refusals refusals) {

	boolean isAllowed(PeerCredentials peer) {
		try {
			return this.authorizer.isAllowed(peer, this.socket);
		}
		catch (Throwable ex) {
			this.refusals.authorizerFailed(peer, ex);
			return false;
		}
	}

}
