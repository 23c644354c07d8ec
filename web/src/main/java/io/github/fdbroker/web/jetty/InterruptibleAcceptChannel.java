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
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A channel whose close ends the acceptors of Jetty as an interrupt does. Jetty itself
 * interrupts them, and then Java resets a connection that it has accepted just before.
 */
final class InterruptibleAcceptChannel extends ServerSocketChannel {

	private final ServerSocketChannel delegate;

	/** Calls of accept(2), and what they brought and is not registered yet. */
	private final AtomicInteger pending = new AtomicInteger();

	InterruptibleAcceptChannel(ServerSocketChannel delegate) {
		super(delegate.provider());
		this.delegate = delegate;
	}

	int pending() {
		return this.pending.get();
	}

	void registered() {
		this.pending.decrementAndGet();
	}

	@Override
	public SocketChannel accept() throws IOException {
		this.pending.incrementAndGet();
		SocketChannel accepted = null;
		try {
			accepted = this.delegate.accept();
			return accepted;
		}
		catch (AsynchronousCloseException ex) {
			ClosedByInterruptException interrupt = new ClosedByInterruptException();
			interrupt.initCause(ex);
			throw interrupt;
		}
		finally {
			if (accepted == null) {
				this.pending.decrementAndGet();
			}
		}
	}

	@Override
	public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
		return this.delegate.bind(local, backlog);
	}

	@Override
	public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
		return this.delegate.setOption(name, value);
	}

	@Override
	public <T> T getOption(SocketOption<T> name) throws IOException {
		return this.delegate.getOption(name);
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return this.delegate.supportedOptions();
	}

	@Override
	public ServerSocket socket() {
		return this.delegate.socket();
	}

	@Override
	public SocketAddress getLocalAddress() throws IOException {
		return this.delegate.getLocalAddress();
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.delegate.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) throws IOException {
		this.delegate.configureBlocking(block);
	}

}
