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
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * Tomcat's view of the channel of a connection. Tomcat closes a connection that leaves
 * the server like any other, but its channel stays open. Tomcat reuses these objects.
 */
final class MovableChannel extends NioChannel {

	private boolean left;

	private volatile boolean used;

	MovableChannel(SocketBufferHandler buffers) {
		super(buffers);
	}

	/**
	 * Keep a channel open when Tomcat closes its connection.
	 * @return {@code false} if it is closed already
	 */
	synchronized boolean leave(SocketChannel channel) {
		this.left = this.sc == channel && channel.isOpen();
		return this.left;
	}

	/**
	 * A worker begins to read from the connection.
	 */
	void use() {
		this.used = true;
	}

	/**
	 * Whether a worker has read from the connection, or may have.
	 */
	boolean isUsed() {
		return this.used;
	}

	@Override
	public synchronized void reset(SocketChannel channel, NioSocketWrapper connection) throws IOException {
		if (channel != null) {
			this.left = false;
			this.used = false;
		}
		super.reset(channel, connection);
	}

	@Override
	public synchronized void close() throws IOException {
		if (!this.left) {
			super.close();
		}
	}

}
