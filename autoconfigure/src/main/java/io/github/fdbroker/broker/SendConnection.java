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
 * The connection that the sends to one peer share. The first send makes it, and the next
 * send makes it again after it broke.
 */
final class SendConnection implements SendChannel {

	/**
	 * The number of bytes after which to look for replies to messages that were not
	 * requests.
	 */
	private static final long LOOK_BYTES = 1024;

	private final PeerConnector connector;

	private volatile @Nullable MessageConnection connection;

	private volatile boolean closed;

	private boolean unreachable;

	/** The number of bytes sent since the connection was last checked for replies. */
	private long unlooked;

	SendConnection(PeerConnector connector) {
		this.connector = connector;
	}

	/**
	 * Send messages in one sendmsg(2). If the existing connection has broken and has
	 * accepted nothing, send them on a new one.
	 */
	@Override
	public void send(List<OutgoingMessage> messages) {
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

	@Override
	public boolean isUnreachable() {
		return this.unreachable;
	}

	@Override
	public boolean isConnected() {
		return this.connection != null;
	}

	@Override
	public void shutdown() {
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
	@Override
	public void close() {
		MessageConnection last = this.connection;
		this.connection = null;
		if (last != null) {
			last.close();
		}
	}

	/**
	 * A peer that cannot distinguish requests from other messages may reply to each, and
	 * stops reading when its replies are not read. Looking for them before each send
	 * would cost a system call per message.
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
				// If the connection broke, the send that follows fails.
			}
		}
	}

	private MessageConnection connect() {
		close();
		this.unreachable = true;
		checkOpen();
		MessageConnection fresh = this.connector.connectToSend();
		this.connection = fresh;
		// A concurrent shutdown either sees this connection or is seen here.
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
