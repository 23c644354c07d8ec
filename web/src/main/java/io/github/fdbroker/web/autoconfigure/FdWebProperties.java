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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which listening sockets the web servers of the application use.
 *
 * @param socket the name of the activated descriptor that the web server listens on in
 * place of {@code server.port}
 * @param managementSocket the name of the activated descriptor that the management server
 * listens on in place of {@code management.server.port}, where it has a port of its own
 * @param idleGrace how long a server that shuts down waits for a further request on a
 * connection that is kept alive; the connection ends with the response
 */
@ConfigurationProperties("fdbroker.web")
public record FdWebProperties(@Nullable String socket, @Nullable String managementSocket,
		@DefaultValue("1s") Duration idleGrace) {

	/**
	 * Return the name of the descriptor of a server.
	 * @return the name, empty if there is none
	 */
	String name(String server) {
		String name = server.equals(GivenSockets.MANAGEMENT) ? this.managementSocket
				: server.equals(GivenSockets.WEB) ? this.socket : null;
		return (name != null) ? name : "";
	}

}
