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

package io.github.fdbroker.web.takeover;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.takeover.PassedSockets;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * Opens the listening socket of a connector: the one that the old process passed, one of
 * the service manager, or a new one.
 */
public final class SocketOpener {

	/** A socket with the address that the application is configured for. */
	private static final String BOUND = "web/";

	/** A socket with an address that the service manager is configured for. */
	private static final String ACTIVATED = "activated-web/";

	/** As many as the system allows, see listen(2). */
	private static final int BACKLOG = 4096;

	private final FdSources sources;

	private final FdConverters converters;

	private final Function<String, @Nullable OwnedFd> activated;

	/**
	 * Create an opener.
	 * @param sources finds the descriptors of channels
	 * @param converters makes channels of descriptors
	 * @param activated takes the socket that the service manager passed for a server, or
	 * returns {@code null} if there is none
	 */
	public SocketOpener(FdSources sources, FdConverters converters, Function<String, @Nullable OwnedFd> activated) {
		this.sources = sources;
		this.converters = converters;
		this.activated = activated;
	}

	PassedSocket open(String name, InetSocketAddress configured, PassedSockets passed) {
		for (OwnedFd socket : passed.claim(BOUND + name)) {
			checkOrClose(name, socket, configured);
			return new PassedSocket(BOUND + name, socket);
		}
		for (OwnedFd socket : passed.claim(ACTIVATED + name)) {
			return new PassedSocket(ACTIVATED + name, socket);
		}
		OwnedFd socket = this.activated.apply(name);
		return (socket != null) ? new PassedSocket(ACTIVATED + name, socket)
				: new PassedSocket(BOUND + name, bind(configured));
	}

	private static void checkOrClose(String name, OwnedFd socket, InetSocketAddress configured) {
		try {
			check(name, socket, configured);
		}
		catch (RuntimeException | Error ex) {
			socket.close();
			throw ex;
		}
	}

	private static void check(String name, OwnedFd socket, InetSocketAddress configured) {
		InetSocketAddress actual = address(socket);
		boolean port = configured.getPort() == 0 || configured.getPort() == actual.getPort();
		boolean host = configured.getAddress().equals(actual.getAddress())
				|| configured.getAddress().isAnyLocalAddress() && actual.getAddress().isAnyLocalAddress();
		if (!port || !host) {
			throw new FdConfigurationException(
					"The process to take over from listens on %s ('%s'), and this process is configured for %s"
						.formatted(actual, name, configured),
					"Configure the same address, or stop the old process and start this one");
		}
	}

	private static InetSocketAddress address(OwnedFd socket) {
		// Closing the duplicate does nothing after a channel has taken it.
		try (OwnedFd duplicate = socket.dup();
				ServerSocketChannel channel = duplicate.into(ServerSocketChannel.class)) {
			return (InetSocketAddress) channel.getLocalAddress();
		}
		catch (IOException ex) {
			throw new FdConfigurationException("A socket that was passed cannot be used: " + ex.getMessage(),
					"Stop the old process and start this one", ex);
		}
	}

	private OwnedFd bind(InetSocketAddress address) {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(address, BACKLOG);
			try (BorrowedFd bound = this.sources.borrow(channel)) {
				return this.converters.adopt(Descriptors.duplicate(bound.descriptor()));
			}
		}
		catch (IOException ex) {
			throw new FdConfigurationException(
					"The web server cannot listen on %s: %s".formatted(address, ex.getMessage()),
					"Stop the process that uses the port, or choose another; a process can be taken over from "
							+ "only if it has the same control socket (fdbroker.takeover.socket)",
					ex);
		}
	}

}
