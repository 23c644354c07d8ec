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
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.Channel;

import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptors of {@code java.net} sockets. This requires that the package is
 * open.
 */
final class JdkSockets {

	private JdkSockets() {
	}

	static FileDescriptor descriptor(Object source) {
		Channel channel = channel(source);
		if (channel != null) {
			return JdkChannels.descriptor(channel);
		}
		if (source instanceof DatagramSocket) {
			return datagram(JdkChannels.get(source, DatagramSocket.class, "delegate"));
		}
		return stream(JdkChannels.get(source, (source instanceof Socket) ? Socket.class : ServerSocket.class, "impl"));
	}

	static @Nullable Channel channel(Object source) {
		if (source instanceof Socket socket) {
			return socket.getChannel();
		}
		if (source instanceof ServerSocket socket) {
			return socket.getChannel();
		}
		return (source instanceof DatagramSocket socket) ? socket.getChannel() : null;
	}

	private static FileDescriptor stream(Object impl) {
		Object innermost = impl;
		while (innermost.getClass().getName().equals("java.net.SocksSocketImpl")) {
			innermost = JdkChannels.get(innermost, innermost.getClass().getSuperclass(), "delegate");
		}
		return (FileDescriptor) JdkChannels.get(innermost, SocketImpl.class, "fd");
	}

	/**
	 * A datagram socket is an adaptor around a channel.
	 */
	private static FileDescriptor datagram(Object delegate) {
		return JdkChannels.descriptor((Channel) JdkChannels.get(delegate, delegate.getClass(), "dc"));
	}

}
