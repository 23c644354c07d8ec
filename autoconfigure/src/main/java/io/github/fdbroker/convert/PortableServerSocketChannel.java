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
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.ReadinessWait;

/**
 * A listening socket that arrived as a descriptor. It blocks, and knows no selector,
 * socket options or {@link #socket()}. Others who hold the socket go on listening when it
 * is closed.
 */
final class PortableServerSocketChannel extends ServerSocketChannel implements DescriptorHolder {

	private final FileDescriptor descriptor;

	private final DescriptorHandle handle;

	private final ReadinessWait wait = new ReadinessWait();

	PortableServerSocketChannel(FileDescriptor descriptor) throws IOException {
		super(PortableProvider.INSTANCE);
		this.descriptor = descriptor;
		this.handle = new DescriptorHandle(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.descriptor;
	}

	@Override
	public SocketChannel accept() throws IOException {
		FileDescriptor listening = acquire();
		try {
			if (!this.wait.await(listening)) {
				throw new AsynchronousCloseException();
			}
			return new PortableSocketChannel(Descriptors.accept(listening));
		}
		finally {
			this.handle.release();
		}
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() throws IOException {
		FileDescriptor listening = acquire();
		try {
			return Descriptors.address(listening, false);
		}
		finally {
			this.handle.release();
		}
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
	public <T> T getOption(SocketOption<T> name) {
		throw PortableProvider.unsupported("socket options");
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	@Override
	public ServerSocket socket() {
		throw PortableProvider.unsupported("a java.net.ServerSocket");
	}

	@Override
	protected void implCloseSelectableChannel() {
		this.wait.close();
		this.handle.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		if (!block) {
			throw new IllegalBlockingModeException();
		}
	}

	private FileDescriptor acquire() throws ClosedChannelException {
		try {
			return this.handle.acquire();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

}
