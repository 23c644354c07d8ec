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

package io.github.fdbroker.sample.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdException;

/**
 * Accepts TCP connections and hands each over to the worker, without reading from it.
 */
@Component
class DateTimeServer implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(DateTimeServer.class);

	private final FdBroker broker;

	private final InetSocketAddress address;

	private volatile @Nullable ServerSocketChannel listening;

	DateTimeServer(FdBroker broker, @Value("${sample.port}") int port) {
		this.broker = broker;
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * Return the port that connections are accepted on.
	 * @return the port, 0 if this server is not running
	 */
	int port() {
		ServerSocketChannel channel = this.listening;
		return (channel != null) ? channel.socket().getLocalPort() : 0;
	}

	@Override
	public void start() {
		try {
			ServerSocketChannel channel = ServerSocketChannel.open().bind(this.address);
			this.listening = channel;
			new Thread(() -> serve(channel), "date-time").start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot listen on " + this.address + ", see sample.port", ex);
		}
	}

	@Override
	public void stop() {
		try (ServerSocketChannel channel = this.listening) {
			this.listening = null;
		}
		catch (IOException ex) {
			logger.debug("Closing the listening socket failed", ex);
		}
	}

	@Override
	public boolean isRunning() {
		return this.listening != null;
	}

	private void serve(ServerSocketChannel channel) {
		while (channel.isOpen()) {
			try (SocketChannel client = channel.accept()) {
				this.broker.to("date-time").descriptor(client).handOver();
			}
			catch (ClosedChannelException ex) {
				logger.debug("No more connections are accepted");
			}
			catch (IOException | FdException ex) {
				logger.warn("A connection was not handed over: " + ex.getMessage());
			}
		}
	}

}
