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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.PeerAuthorizer;

/**
 * Asks who may use a socket.
 *
 * @param authorizer who decides
 * @param socket the name of the socket
 */
record Admission(PeerAuthorizer authorizer, String socket) {

	private static final Log logger = LogFactory.getLog(Admission.class);

	boolean isAllowed(PeerCredentials peer) {
		try {
			return this.authorizer.isAllowed(peer, this.socket);
		}
		catch (Throwable ex) {
			logger.error("The authorizer failed on " + peer + ", which is refused", ex);
			return false;
		}
	}

}
