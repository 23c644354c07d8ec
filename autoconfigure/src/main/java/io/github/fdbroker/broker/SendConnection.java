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

import java.io.FileDescriptor;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;

/**
 * The connection that the sends to one peer share, made when it is needed and made again
 * when it broke.
 */
final class SendConnection {

	private final PeerConnector connector;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable MessageConnection connection;

	private volatile boolean closed;

	SendConnection(PeerConnector connector) {
		this.connector = connector;
	}

	void send(Envelope envelope, List<FileDescriptor> descriptors) {
		this.lock.lock();
		try {
			MessageConnection existing = this.connection;
			if (existing == null || !trySend(existing, envelope, descriptors)) {
				sendOverNew(envelope, descriptors);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Close the connection, which ends a send that is under way.
	 */
	void close() {
		this.closed = true;
		MessageConnection sending = this.connection;
		if (sending != null) {
			sending.shutdown();
		}
		this.lock.lock();
		try {
			if (this.connection != null) {
				this.connection.close();
				this.connection = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendOverNew(Envelope envelope, List<FileDescriptor> descriptors) {
		this.connection = null;
		if (this.closed) {
			throw new FdConnectException("The broker is closed");
		}
		MessageConnection fresh = this.connector.connect();
		this.connection = fresh;
		send(fresh, envelope, descriptors);
	}

	/**
	 * Send over a connection that may have broken since it was last used.
	 * @return {@code false} if it had, and took nothing
	 */
	private boolean trySend(MessageConnection existing, Envelope envelope, List<FileDescriptor> descriptors) {
		try {
			send(existing, envelope, descriptors);
			return true;
		}
		catch (FdConnectException ex) {
			if (ex.isNothingSent()) {
				return false;
			}
			throw ex;
		}
	}

	private void send(MessageConnection target, Envelope envelope, List<FileDescriptor> descriptors) {
		try {
			target.send(List.of(envelope), descriptors);
		}
		catch (FdConnectException | FdTimeoutException ex) {
			target.close();
			this.connection = null;
			throw ex;
		}
	}

}
