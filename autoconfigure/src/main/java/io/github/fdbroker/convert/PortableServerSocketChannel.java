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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.ReadinessWait;

/**
 * A listening socket that was received as a descriptor. It is always blocking, and does
 * not support selectors, socket options and {@link #socket()}. Closing it does not stop
 * other holders of the socket from accepting connections.
 */
final class PortableServerSocketChannel extends ServerSocketChannel implements PortableNetworkChannel {

	private final PortableIo io;

	PortableServerSocketChannel(FileDescriptor descriptor) {
		super(PortableProvider.INSTANCE);
		this.io = new PortableIo(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.io.descriptor();
	}

	@Override
	public SocketChannel accept() throws IOException {
		return new PortableSocketChannel(this.io.call(ReadinessWait.READ, PortableServerSocketChannel::accept));
	}

	private static @Nullable FileDescriptor accept(FileDescriptor listening) throws IOException {
		FileDescriptor accepted = Descriptors.accept(listening);
		return accepted.valid() ? accepted : null;
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() throws IOException {
		return this.io.address(false);
	}

	@Override
	public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) {
		throw new AlreadyBoundException();
	}

	@Override
	public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
		throw PortableProvider.unsupported("socket options");
	}

	@Override
	public ServerSocket socket() {
		throw PortableProvider.unsupported("a java.net.ServerSocket");
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.io.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		PortableIo.configureBlocking(block);
	}

}
