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
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.ReadinessWait;

/**
 * A UDP socket that arrived as a descriptor. It blocks, and knows no selector, socket
 * options, multicast or {@link #socket()}.
 */
final class PortableDatagramChannel extends DatagramChannel implements DescriptorHolder {

	private final DescriptorIo io;

	/** A duplicate, which stays open as long as a system call uses it. */
	private final DescriptorHandle datagrams;

	private final ReadinessWait wait;

	PortableDatagramChannel(FileDescriptor descriptor) throws IOException {
		super(PortableProvider.INSTANCE);
		this.datagrams = new DescriptorHandle(Descriptors.duplicate(descriptor));
		try {
			this.wait = new ReadinessWait();
		}
		catch (IOException ex) {
			this.datagrams.close();
			throw ex;
		}
		this.io = new DescriptorIo(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.io.descriptor();
	}

	@Override
	public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
		FileDescriptor socket = acquire();
		try {
			if (!this.wait.await(socket)) {
				throw new AsynchronousCloseException();
			}
			return Descriptors.receiveFrom(socket, target);
		}
		finally {
			this.datagrams.release();
		}
	}

	@Override
	public int send(ByteBuffer source, SocketAddress target) throws IOException {
		FileDescriptor socket = acquire();
		try {
			return Descriptors.sendTo(socket, source, (InetSocketAddress) target);
		}
		finally {
			this.datagrams.release();
		}
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		requireConnected();
		return this.io.read(target);
	}

	@Override
	public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		requireConnected();
		return this.io.read(targets, offset, length);
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		requireConnected();
		return this.io.write(source);
	}

	@Override
	public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		requireConnected();
		return this.io.write(sources, offset, length);
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
		try {
			return isOpen() && getRemoteAddress() != null;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public DatagramChannel bind(@Nullable SocketAddress local) {
		throw new AlreadyBoundException();
	}

	@Override
	public DatagramChannel connect(SocketAddress remote) {
		throw PortableProvider.unsupported("connect");
	}

	@Override
	public DatagramChannel disconnect() {
		throw PortableProvider.unsupported("disconnect");
	}

	@Override
	public MembershipKey join(InetAddress group, NetworkInterface network) {
		throw PortableProvider.unsupported("multicast");
	}

	@Override
	public MembershipKey join(InetAddress group, NetworkInterface network, @Nullable InetAddress source) {
		throw PortableProvider.unsupported("multicast");
	}

	@Override
	public <T> DatagramChannel setOption(SocketOption<T> name, T value) {
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
	public DatagramSocket socket() {
		throw PortableProvider.unsupported("a java.net.DatagramSocket");
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.wait.close();
		this.datagrams.close();
		this.io.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		if (!block) {
			throw new IllegalBlockingModeException();
		}
	}

	private FileDescriptor acquire() throws ClosedChannelException {
		try {
			return this.datagrams.acquire();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

	private void requireConnected() {
		if (!isConnected()) {
			throw new NotYetConnectedException();
		}
	}

}
