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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

import io.github.fdbroker.FdConnectException;

/**
 * Connects to listening sockets, and waits for those that are not there yet.
 */
public final class FdConnector {

	private static final long FIRST_PAUSE_MILLIS = 1;

	private static final long LONGEST_PAUSE_MILLIS = 100;

	private final SocketPath path;

	private final Transport transport;

	private final Duration timeout;

	private final Duration sendTimeout;

	/**
	 * Create a connector.
	 * @param path where to connect to
	 * @param transport how to move bytes and descriptors
	 * @param timeout how long to wait for a server that is not there yet or has no room
	 * @param sendTimeout how long a send waits for room, zero for ever
	 */
	public FdConnector(SocketPath path, Transport transport, Duration timeout, Duration sendTimeout) {
		this.path = path;
		this.transport = transport;
		this.timeout = timeout;
		this.sendTimeout = sendTimeout;
	}

	/**
	 * Connect, trying again with growing pauses while nobody listens.
	 * @return the connection
	 * @throws FdConnectException if nobody accepts in time, or the system forbids it
	 */
	public FdConnection connect() {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		long pause = FIRST_PAUSE_MILLIS;
		while (true) {
			String reason = "its backlog is full";
			boolean thereBefore = isThere();
			try {
				FileDescriptor connected = tryConnect();
				if (connected != null) {
					return FdConnection.of("peer '" + this.path.name() + "'", connected, this.transport,
							this.sendTimeout);
				}
			}
			catch (ConnectionRefusedSocketException ex) {
				reason = "nobody listens";
			}
			catch (IOException ex) {
				if (thereBefore && isThere()) {
					throw new FdConnectException("Peer " + this.path + " cannot be connected to: " + ex.getMessage(),
							ex);
				}
				reason = "there is no such file";
			}
			if (deadline - System.nanoTime() <= 0) {
				throw new FdConnectException(
						"Peer %s was not there within %d ms: %s".formatted(this.path, this.timeout.toMillis(), reason));
			}
			pause(pause);
			pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
		}
	}

	/**
	 * Whether there is a file, or something that keeps us from seeing it.
	 */
	private boolean isThere() {
		return !Files.notExists(this.path.path());
	}

	private @Nullable FileDescriptor tryConnect() throws IOException {
		FileDescriptor descriptor = Junixsocket.socket();
		boolean connected = false;
		try {
			// A blocking connect waits for ever where the backlog is full.
			Junixsocket.configureBlocking(descriptor, false);
			connected = Junixsocket.connect(descriptor, this.path.bytes());
			Junixsocket.configureBlocking(descriptor, true);
			return connected ? descriptor : null;
		}
		finally {
			if (!connected) {
				Descriptors.close(descriptor);
			}
		}
	}

	private void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdConnectException("Interrupted while connecting to peer " + this.path, ex);
		}
	}

}
