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

package io.github.fdbroker.web;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that come from outside, for the connectors of one web server.
 */
public final class ListeningSockets {

	private final String server;

	private final Source source;

	/**
	 * Create the sockets of a server.
	 * @param server what the socket of its first connector is called; that of the second
	 * one is called the same, with {@code -2}, and so on
	 * @param source finds sockets by name
	 */
	public ListeningSockets(String server, Source source) {
		this.server = server;
		this.source = source;
	}

	/**
	 * Return the socket that a connector is to listen on.
	 * @param connector the number of the connector, from 1
	 * @param configured the address that the connector would bind, with port 0 for any
	 * @return the socket, or {@code null} if the connector binds by itself
	 */
	public @Nullable ListeningSocket find(int connector, InetSocketAddress configured) {
		return this.source.find((connector == 1) ? this.server : this.server + "-" + connector, configured);
	}

	/**
	 * Where sockets come from.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Return the socket of a name.
		 * @param name the name
		 * @param configured the address that the connector would bind
		 * @return the socket, or {@code null} if there is none
		 */
		@Nullable ListeningSocket find(String name, InetSocketAddress configured);

	}

}
