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

package io.github.fdbroker.web.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;

/**
 * Turns the channels of connections into descriptors, and descriptors into channels.
 */
final class ConnectionSockets {

	private final FdSources sources = new FdSources(List.of());

	private final FdConverters converters = new FdConverters(List.of());

	OwnedFd duplicate(SocketChannel channel) {
		// A borrowed channel is a duplicate, which is closed by its new owner instead.
		return this.converters.adopt(this.sources.borrow(channel).descriptor());
	}

	/**
	 * Return a channel that does not block, or {@code null} if the client has ended the
	 * connection. {@code O_NONBLOCK} is set all the time, since the process that the
	 * connection comes from may look at it still.
	 */
	@Nullable SocketChannel open(OwnedFd connection) {
		SocketChannel channel;
		try {
			channel = connection.into(SocketChannel.class);
		}
		catch (FdConversionException ex) {
			if (isEnded(connection)) {
				return null;
			}
			throw ex;
		}
		try {
			check(channel);
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			close(channel, ex);
			throw new FdConversionException("A web server cannot use a connection: " + ex.getMessage(), ex);
		}
		catch (RuntimeException | Error ex) {
			close(channel, ex);
			throw ex;
		}
	}

	private static boolean isEnded(OwnedFd connection) {
		SocketKind socket = connection.kind().socket();
		return socket != null && socket.type() == SocketType.STREAM && socket.family() != Family.UNIX
				&& !socket.listening() && !socket.connected();
	}

	private static void check(SocketChannel channel) throws IOException {
		if (!(channel.getLocalAddress() instanceof InetSocketAddress)) {
			throw new FdConversionException(
					"A web server needs a TCP connection, but this one is of " + channel.getLocalAddress());
		}
		if (channel.provider() != SelectorProvider.provider()) {
			throw new FdConfigurationException(
					"A web server cannot go on with connections of another process, because the channels of this Java "
							+ "runtime are not accessible",
					"Add --add-opens=java.base/sun.nio.ch=ALL-UNNAMED to the command line, or 'Add-Opens: "
							+ "java.base/sun.nio.ch' to the manifest of the executable jar");
		}
	}

	static void close(SocketChannel channel, Throwable failure) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

}
