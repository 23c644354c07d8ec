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

package io.github.fdbroker.web.tomcat;

import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many requests Tomcat serves on a connection: to one, when connections are to
 * end. Those that can move are kept.
 */
final class RequestLimit {

	/** With this limit Tomcat ends each connection with its next response. */
	private static final int LAST_REQUEST = 1;

	private final NioEndpoint endpoint;

	/** The limit of the endpoint, while another one applies. */
	private @Nullable Integer kept;

	private boolean ending;

	private boolean moving;

	RequestLimit(NioEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	synchronized void keepConnections() {
		this.ending = false;
		apply();
	}

	synchronized void endConnections() {
		this.ending = true;
		apply();
	}

	synchronized void letIdleMove(boolean move) {
		this.moving = move;
		apply();
	}

	private void apply() {
		boolean last = this.ending && (!this.moving || this.endpoint.isSSLEnabled());
		if (last && this.kept == null) {
			this.kept = this.endpoint.getMaxKeepAliveRequests();
			this.endpoint.setMaxKeepAliveRequests(LAST_REQUEST);
		}
		else if (!last && this.kept != null) {
			this.endpoint.setMaxKeepAliveRequests(this.kept);
			this.kept = null;
		}
	}

}
