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
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

import io.github.fdbroker.web.SwitchedChannel;

/**
 * A channel for the acceptors of Jetty, which wait while nothing is accepted. Its close
 * ends them as an interrupt does. Jetty itself interrupts them, and then Java resets a
 * connection that it has accepted just before.
 */
final class AcceptorChannel extends ServerSocketChannel {

	private final SwitchedChannel accepting;

	/** As the server found it: its address, and its options. */
	private final ServerSocketChannel opened;

	AcceptorChannel(SwitchedChannel accepting, ServerSocketChannel opened) {
		super(opened.provider());
		this.accepting = accepting;
		this.opened = opened;
	}

	@Override
	public SocketChannel accept() throws IOException {
		SocketChannel accepted = this.accepting.accept();
		while (accepted == null) {
			if (!isOpen()) {
				throw new ClosedByInterruptException();
			}
			accepted = this.accepting.accept();
		}
		return accepted;
	}

	@Override
	public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
		return this.opened.bind(local, backlog);
	}

	@Override
	public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
		return this.opened.setOption(name, value);
	}

	@Override
	public <T> T getOption(SocketOption<T> name) throws IOException {
		return this.opened.getOption(name);
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return this.opened.supportedOptions();
	}

	@Override
	public ServerSocket socket() {
		return this.opened.socket();
	}

	@Override
	public SocketAddress getLocalAddress() throws IOException {
		return this.opened.getLocalAddress();
	}

	@Override
	protected void implCloseSelectableChannel() {
		this.accepting.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) throws IOException {
		this.opened.configureBlocking(block);
	}

}
