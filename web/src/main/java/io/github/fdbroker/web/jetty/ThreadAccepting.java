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

package io.github.fdbroker.web.jetty;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ServerConnector;

import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.SwitchedChannel;

/**
 * The acceptor threads of a connector accept.
 */
final class ThreadAccepting implements Accepting, SelectorManager.AcceptListener {

	private final ServerConnector connector;

	private final SwitchedChannel channel;

	ThreadAccepting(ServerConnector connector, ListeningSocket socket) {
		this.connector = connector;
		this.channel = new SwitchedChannel(socket);
	}

	@Override
	public void open() throws IOException {
		Accepting.open(this.connector, new AcceptorChannel(this.channel, this.channel.open()));
	}

	@Override
	public void start() {
		this.channel.start();
	}

	@Override
	public void stop() {
		this.channel.stop();
	}

	@Override
	public int pending() {
		return this.channel.pending();
	}

	@Override
	public void onAccepted(SelectableChannel channel) {
		this.channel.registered();
	}

	@Override
	public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
		this.channel.registered();
	}

}
