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
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Descriptors;

/**
 * A connection that was received as a descriptor. It is always blocking, and does not
 * support selectors, socket options and {@link #socket()}.
 */
final class PortableSocketChannel extends SocketChannel implements PortableNetworkChannel {

	private final PortableIo io;

	PortableSocketChannel(FileDescriptor descriptor) {
		super(PortableProvider.INSTANCE);
		this.io = new PortableIo(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.io.descriptor();
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		return this.io.read(target);
	}

	@Override
	public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		return this.io.read(targets, offset, length);
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		return this.io.write(source);
	}

	@Override
	public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		return this.io.write(sources, offset, length);
	}

	@Override
	public SocketChannel shutdownInput() throws IOException {
		return shutdown(true, false);
	}

	@Override
	public SocketChannel shutdownOutput() throws IOException {
		return shutdown(false, true);
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() throws IOException {
		return this.io.address(false);
	}

	@Override
	public @Nullable SocketAddress getRemoteAddress() throws IOException {
		return this.io.address(true);
	}

	@Override
	public boolean isConnected() {
		return isOpen();
	}

	@Override
	public boolean isConnectionPending() {
		return false;
	}

	@Override
	public boolean connect(SocketAddress remote) {
		throw new AlreadyConnectedException();
	}

	@Override
	public boolean finishConnect() {
		return true;
	}

	@Override
	public SocketChannel bind(@Nullable SocketAddress local) {
		throw new AlreadyConnectedException();
	}

	@Override
	public <T> SocketChannel setOption(SocketOption<T> name, T value) {
		throw PortableProvider.unsupported("socket options");
	}

	@Override
	public Socket socket() {
		throw PortableProvider.unsupported("a java.net.Socket");
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.io.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		PortableIo.configureBlocking(block);
	}

	private SocketChannel shutdown(boolean input, boolean output) throws IOException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
		Descriptors.shutdown(descriptor(), input, output);
		return this;
	}

}
