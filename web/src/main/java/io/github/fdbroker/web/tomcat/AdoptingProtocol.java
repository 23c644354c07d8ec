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

import java.util.List;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.Http11NioProtocol;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.MovableConnections;
import io.github.fdbroker.web.ServingConnector;

/**
 * HTTP/1.1 on a listening socket that comes from outside. Tomcat creates it by its name.
 */
public final class AdoptingProtocol extends Http11NioProtocol implements ServingConnector, MovableConnections {

	private final AdoptingEndpoint endpoint;

	/**
	 * Create a protocol.
	 */
	public AdoptingProtocol() {
		this(new AdoptingEndpoint());
	}

	private AdoptingProtocol(AdoptingEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	void adopt(ListeningSocket socket) {
		this.endpoint.adopt(socket);
	}

	@Override
	public void setAdapter(Adapter adapter) {
		super.setAdapter(new Http2Requests(adapter, this.endpoint::http2));
	}

	@Override
	public void stopAccepting() {
		this.endpoint.stopAccepting();
	}

	@Override
	public void startAccepting() {
		this.endpoint.startAccepting();
	}

	@Override
	public int busyConnections() {
		return this.endpoint.busyConnections();
	}

	@Override
	public int connections() {
		return this.endpoint.connections();
	}

	@Override
	public void letIdleMove(boolean move) {
		this.endpoint.letIdleMove(move);
	}

	@Override
	public List<OwnedFd> takeIdle(int max) {
		return this.endpoint.takeIdle(max);
	}

	@Override
	public void adopt(OwnedFd connection) {
		this.endpoint.adopt(connection);
	}

}
