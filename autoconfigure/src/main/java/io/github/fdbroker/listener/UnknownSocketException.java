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

import java.util.Collection;
import java.util.List;

import io.github.fdbroker.FdException;

/**
 * A listener method names a socket that is not configured.
 */
public final class UnknownSocketException extends FdException {

	private final String socket;

	private final List<String> configured;

	UnknownSocketException(FdListenerEndpoint endpoint, Collection<String> configured) {
		super("Listener %s names the socket '%s', which is not configured".formatted(endpoint, endpoint.socket()));
		this.socket = endpoint.socket();
		this.configured = List.copyOf(configured);
	}

	/**
	 * Return the name of the socket.
	 * @return the name
	 */
	public String getSocket() {
		return this.socket;
	}

	/**
	 * Return the names of the sockets that are configured.
	 * @return the names
	 */
	public List<String> getConfigured() {
		return this.configured;
	}

}
