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

package io.github.fdbroker.test;

import java.nio.file.Path;

import org.springframework.context.ApplicationContext;
import org.springframework.messaging.converter.MessageConverter;

/**
 * The sockets that a context has in its test. A bean of contexts with
 * {@link AutoConfigureFdBroker}. Safe for use by several threads.
 */
public final class FdTestSockets {

	private final Path directory;

	private final ConfiguredSockets configured;

	private final ApplicationContext context;

	FdTestSockets(Path directory, ConfiguredSockets configured, ApplicationContext context) {
		this.directory = directory;
		this.configured = configured;
		this.context = context;
	}

	/**
	 * Return the directory of the sockets.
	 * @return the directory, which is deleted when the context is closed
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Return a client for a socket of the application, with the path, type and format of
	 * the socket and the message converters of the application.
	 * @param socket the name of the socket
	 * @return a client to complete and open
	 */
	public FdTestClient.Builder client(String socket) {
		ConfiguredSockets.Entry entry = this.configured.socket(socket);
		return FdTestClient.to(entry.requiredPath())
			.type(entry.type())
			.format(entry.format().name())
			.converter(converter());
	}

	/**
	 * Return a server in place of a peer of the application, with the path, type and
	 * format of the peer and the message converters of the application.
	 * @param peer the name of the peer
	 * @return a server to complete and start
	 */
	public FdTestServer.Builder server(String peer) {
		ConfiguredSockets.Entry entry = this.configured.peer(peer);
		return FdTestServer.at(entry.requiredPath())
			.type(entry.type())
			.format(entry.format().name())
			.converter(converter());
	}

	private MessageConverter converter() {
		return this.context.getBean("fdMessageConverter", MessageConverter.class);
	}

}
