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

package io.github.fdbroker.web.netty;

import reactor.netty.resources.LoopResources;

import org.springframework.http.client.ReactorResourceFactory;

import io.github.fdbroker.web.ListeningSocket;

/**
 * The event loops of an application, with channels of a listening socket that comes from
 * outside.
 */
final class AdoptingResources extends ReactorResourceFactory {

	private final ReactorResourceFactory delegate;

	private final ListeningSocket socket;

	private final NettyConnector connector;

	AdoptingResources(ReactorResourceFactory delegate, ListeningSocket socket, NettyConnector connector) {
		this.delegate = delegate;
		this.socket = socket;
		this.connector = connector;
	}

	@Override
	public LoopResources getLoopResources() {
		return new AdoptingLoops(this.delegate.getLoopResources(), this.socket, this.connector);
	}

}
