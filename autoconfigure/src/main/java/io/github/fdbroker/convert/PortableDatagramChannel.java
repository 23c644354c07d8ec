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
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.InetDatagrams;
import io.github.fdbroker.system.ReadinessWait;

/**
 * A UDP socket that was received as a descriptor. It is always blocking, and does not
 * support selectors, socket options, multicast and {@link #socket()}.
 */
final class PortableDatagramChannel extends DatagramChannel implements PortableNetworkChannel {

	private final PortableIo io;

	PortableDatagramChannel(FileDescriptor descriptor) {
		super(PortableProvider.INSTANCE);
		this.io = new PortableIo(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.io.descriptor();
	}

	@Override
	public SocketAddress receive(ByteBuffer target) throws IOException {
		return this.io.call(ReadinessWait.READ, (socket) -> InetDatagrams.receive(socket, target));
	}

	@Override
	public int send(ByteBuffer source, SocketAddress target) throws IOException {
		int size = source.remaining();
		this.io.call(ReadinessWait.WRITE, (socket) -> {
			int sent = InetDatagrams.send(socket, source.duplicate(), (InetSocketAddress) target);
			return (sent == size) ? true : null;
		});
		source.position(source.limit());
		return size;
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		requireConnected();
		// A file channel returns -1 for an empty datagram.
		return Math.max(0, this.io.read(target));
	}

	@Override
	public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		requireConnected();
		return Math.max(0, this.io.read(targets, offset, length));
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
	public DatagramSocket socket() {
		throw PortableProvider.unsupported("a java.net.DatagramSocket");
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.io.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		PortableIo.configureBlocking(block);
	}

	private void requireConnected() {
		if (!isConnected()) {
			throw new NotYetConnectedException();
		}
	}

}
