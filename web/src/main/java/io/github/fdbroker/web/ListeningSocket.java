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

package io.github.fdbroker.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.fdbroker.FdConfigurationException;

/**
 * A listening socket that a connector of a web server uses in place of one that it binds.
 * It outlives the server: each start of a server opens a channel of its own.
 */
public final class ListeningSocket {

	private final String name;

	private final Supplier<ServerSocketChannel> duplicate;

	private final BooleanSupplier held;

	private final Runnable close;

	/**
	 * Create a socket.
	 * @param name how messages call the socket
	 * @param duplicate makes a channel with a descriptor of its own
	 */
	public ListeningSocket(String name, Supplier<ServerSocketChannel> duplicate) {
		this(name, duplicate, () -> false, () -> {
		});
	}

	/**
	 * Create a socket that a server may have to hold.
	 * @param name how messages call the socket
	 * @param duplicate makes a channel with a descriptor of its own
	 * @param held whether a server that starts accepts nothing at first
	 * @param close what is to be done when the server of this process ends
	 */
	public ListeningSocket(String name, Supplier<ServerSocketChannel> duplicate, BooleanSupplier held, Runnable close) {
		this.name = name;
		this.duplicate = duplicate;
		this.held = held;
		this.close = close;
	}

	/**
	 * Return the name of the socket.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The server of this process ends: keep the socket open no longer than its channels.
	 */
	void close() {
		this.close.run();
	}

	/**
	 * Return whether a server that starts now opens the socket but accepts nothing, until
	 * {@link ServingConnector#startAccepting()}.
	 * @return {@code true} if it accepts nothing
	 */
	public boolean isHeld() {
		return this.held.getAsBoolean();
	}

	/**
	 * Open a channel of the socket. Closing it leaves the socket to its other owners.
	 * @return a blocking channel, which the caller has to close
	 * @throws FdConfigurationException if the socket is not one that a web server can use
	 */
	public ServerSocketChannel open() {
		ServerSocketChannel channel = this.duplicate.get();
		try {
			check(channel);
			return channel;
		}
		catch (IOException ex) {
			close(channel, ex);
			throw new FdConfigurationException(this + " cannot be used: " + ex.getMessage(), "Pass another socket", ex);
		}
		catch (RuntimeException | Error ex) {
			close(channel, ex);
			throw ex;
		}
	}

	private void check(ServerSocketChannel channel) throws IOException {
		if (!(channel.getLocalAddress() instanceof InetSocketAddress)) {
			throw new FdConfigurationException(this + " is no TCP socket, but " + channel.getLocalAddress(),
					"Pass a listening TCP socket");
		}
		if (channel.provider() != SelectorProvider.provider()) {
			throw new FdConfigurationException(
					this + " cannot serve web requests, because the channels of this Java runtime are not accessible",
					"Add --add-opens=java.base/sun.nio.ch=ALL-UNNAMED to the command line, or 'Add-Opens: "
							+ "java.base/sun.nio.ch' to the manifest of the executable jar");
		}
	}

	private static void close(ServerSocketChannel channel, Throwable failure) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public String toString() {
		return "Listening socket '" + this.name + "'";
	}

}
