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

import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Converters to channels for sockets and pipes. The channels are the JDK's own where
 * {@code java.base/sun.nio.ch} is open to this class, and work with every selector;
 * otherwise they are {@link PortableSocketChannel} and the other portable channels, which
 * are always blocking and do not support selectors.
 * <p>
 * A channel is blocking at first. Its calls wait whether or not {@code O_NONBLOCK} is
 * set, and do not change the flag, which is shared by all holders of the open file
 * description. An application changes it by {@link SelectableChannel#configureBlocking}.
 * The JDK's own channels also set it when a virtual thread waits on them (Java 21 and
 * newer).
 */
final class SocketConverters {

	private SocketConverters() {
	}

	static List<FdConverter<?>> all() {
		List<FdConverter<?>> all = new ArrayList<>(channels());
		if (JdkChannels.isAvailable()) {
			all.addAll(sockets());
		}
		return all;
	}

	private static List<FdConverter<?>> channels() {
		return List.of(
				channel(SocketChannel.class, Requirement.CONNECTION, JdkChannels::socketChannel,
						(fd, kind) -> new PortableSocketChannel(fd)),
				channel(ServerSocketChannel.class, Requirement.LISTENING, JdkChannels::serverSocketChannel,
						(fd, kind) -> new PortableServerSocketChannel(fd)),
				channel(DatagramChannel.class, Requirement.DATAGRAM, JdkChannels::datagramChannel,
						(fd, kind) -> new PortableDatagramChannel(fd)),
				channel(Pipe.SourceChannel.class, Requirement.PIPE_SOURCE, JdkChannels::sourceChannel,
						(fd, kind) -> new PortableSourceChannel(fd)),
				channel(Pipe.SinkChannel.class, Requirement.PIPE_SINK, JdkChannels::sinkChannel,
						(fd, kind) -> new PortableSinkChannel(fd)));
	}

	/**
	 * Converters to sockets of {@code java.net}, which only the JDK's own channels
	 * provide.
	 */
	private static List<FdConverter<?>> sockets() {
		return List.of(
				new CheckedConverter<>(Socket.class, Requirement.TCP_CONNECTION,
						(fd, kind) -> JdkChannels.socketChannel(fd, kind).socket()),
				new CheckedConverter<>(ServerSocket.class, Requirement.TCP_LISTENING,
						(fd, kind) -> JdkChannels.serverSocketChannel(fd, kind).socket()),
				new CheckedConverter<>(DatagramSocket.class, Requirement.DATAGRAM,
						(fd, kind) -> JdkChannels.datagramChannel(fd, kind).socket()));
	}

	private static <T extends SelectableChannel> FdConverter<T> channel(Class<T> type, Requirement requirement,
			CheckedConverter.Factory<T> jdk, CheckedConverter.Factory<T> portable) {
		return new CheckedConverter<>(type, requirement, JdkChannels.isAvailable() ? jdk : portable);
	}

}
