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

package io.github.fdbroker.web.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;

import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.ListeningSockets;
import io.github.fdbroker.web.takeover.WebConnectors;

/**
 * Finds out where the sockets of a server come from.
 *
 * @param properties the properties
 * @param descriptors what the service manager passed
 * @param connectors the connectors that take part in take-overs
 */
record GivenSockets(FdWebProperties properties, ObjectProvider<ActivatedDescriptors> descriptors,
		ObjectProvider<WebConnectors> connectors) {

	/** The server of the application. */
	static final String WEB = "web";

	/** The management server. */
	static final String MANAGEMENT = "management";

	/**
	 * Return the sockets of a server.
	 * @param server its name
	 */
	ListeningSockets of(String server) {
		WebConnectors takeover = this.connectors.getIfAvailable();
		if (takeover != null) {
			return new ListeningSockets(server, takeover);
		}
		ListeningSocket activated = ActivatedSocket.of(this.properties.name(server), this.descriptors.getObject());
		return new ListeningSockets(server, (name, configured) -> name.equals(server) ? activated : null);
	}

}
