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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.github.fdbroker.socket.FdServerSocket;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.ServerSockets;
import io.github.fdbroker.socket.SocketFileSettings;
import io.github.fdbroker.socket.SocketPath;

/**
 * A server at the path of the peer of a {@link TestApplication} that does only what a
 * test tells it.
 */
public final class RawServer implements AutoCloseable {

	private final FdServerSocket socket;

	private RawServer(FdServerSocket socket) {
		this.socket = socket;
	}

	/**
	 * Listen.
	 */
	public static RawServer listen(Path directory) {
		return listen(directory, 16);
	}

	/**
	 * Listen with a backlog.
	 */
	public static RawServer listen(Path directory, int backlog) {
		return new RawServer(ServerSockets.open(new SocketPath("test", directory.resolve(TestApplication.SOCKET)),
				SocketFileSettings.PRIVATE, backlog));
	}

	/**
	 * Wait for a connection.
	 */
	public RawPeer accept() {
		try {
			return new RawPeer(
					this.socket.accept(RawPeer.TRANSPORT, MessageSocketSettings.stream(Duration.ofSeconds(60))));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
