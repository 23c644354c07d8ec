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

package io.github.fdbroker.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * The connection that the sends to one peer share, made when it is needed and made again
 * when it broke. One thread at a time may send and close; any may shut down.
 */
final class SendConnection {

	/** How often to look for replies that nobody asked for. */
	private static final long LOOK_BYTES = 1024;

	private final PeerConnector connector;

	private volatile @Nullable MessageConnection connection;

	private volatile boolean closed;

	private boolean unreachable;

	/** How many bytes were sent since it was last looked whether there are replies. */
	private long unlooked;

	SendConnection(PeerConnector connector) {
		this.connector = connector;
	}

	/**
	 * Send messages as one, over a new connection where the one there was has broken and
	 * took nothing.
	 */
	void send(List<OutgoingMessage> messages) {
		try {
			MessageConnection existing = this.connection;
			dropReplies(existing, messages);
			if (existing == null || !existing.trySend(messages, this.connector.peer())) {
				sendFirst(connect(), messages);
			}
			this.connector.traffic().sent(messages);
		}
		catch (FdConnectException | FdTimeoutException | FdRemoteException ex) {
			close();
			throw ex;
		}
	}

	private void sendFirst(MessageConnection fresh, List<OutgoingMessage> messages) {
		if (!fresh.trySend(messages, this.connector.peer())) {
			throw FdConnectException.nothingSent(fresh + " broke as soon as it was made", null);
		}
	}

	/**
	 * Whether the last send failed because there was nobody to connect to.
	 */
	boolean isUnreachable() {
		return this.unreachable;
	}

	boolean isConnected() {
		return this.connection != null;
	}

	/**
	 * Make no more connections, and end a send that is under way.
	 */
	void shutdown() {
		this.closed = true;
		this.connector.cancel();
		MessageConnection sending = this.connection;
		if (sending != null) {
			sending.shutdown();
		}
	}

	/**
	 * Close the connection; the next send makes another.
	 */
	void close() {
		MessageConnection last = this.connection;
		this.connection = null;
		if (last != null) {
			last.close();
		}
	}

	/**
	 * Peers that do not tell a request from other messages may reply each, and read no
	 * more once nobody takes their replies. To look each time would be one more system
	 * call for each message.
	 */
	private void dropReplies(@Nullable MessageConnection existing, List<OutgoingMessage> messages) {
		if (existing == null || existing.replies().areById()) {
			return;
		}
		this.unlooked += messages.get(0).maxBytes();
		if (this.unlooked >= LOOK_BYTES) {
			this.unlooked = 0;
			try {
				existing.dropUnreceived();
			}
			catch (FdException ex) {
				// If the connection broke, sending says so.
			}
		}
	}

	private MessageConnection connect() {
		close();
		this.unreachable = true;
		checkOpen();
		MessageConnection fresh = this.connector.connectToSend();
		this.connection = fresh;
		// Whoever shuts down has either seen this connection, or is seen here.
		checkOpen();
		this.unreachable = false;
		return fresh;
	}

	private void checkOpen() {
		if (this.closed) {
			throw new FdConnectException("The broker is closed");
		}
	}

}
