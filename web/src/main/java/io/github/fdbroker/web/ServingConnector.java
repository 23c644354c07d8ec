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

/**
 * A connector of a web server that serves on a {@link ListeningSocket}.
 */
public interface ServingConnector {

	/**
	 * Accept connections, for the first time if the socket was held, or again, and keep
	 * connections for further requests. A server that starts does that by itself, unless
	 * the socket is held.
	 */
	void startAccepting();

	/**
	 * Accept no further connections, until {@link #startAccepting()}. The listening
	 * socket stays open, and others may accept from it. The connections that were
	 * accepted are served on; each ends with its next response.
	 */
	void stopAccepting();

	/**
	 * Return how many connections wait for a response, or were accepted and have not sent
	 * a request yet.
	 * @return the number; the other connections are idle
	 */
	int busyConnections();

	/**
	 * Return how many connections there are.
	 * @return the number, with the idle ones
	 */
	int connections();

}
