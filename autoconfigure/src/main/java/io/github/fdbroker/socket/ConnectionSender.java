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
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.system.Errno;

/**
 * Sends messages on a connection. If only a part of a message was sent, nothing more can
 * be sent.
 */
final class ConnectionSender {

	/** How long to try to send descriptors to a peer that does not take them yet. */
	private static final long AUTHORIZATION_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final String connection;

	private final MessageSocket messageSocket;

	private final int maxDescriptors;

	/**
	 * Create a sender.
	 * @param connection the description of the connection in exceptions
	 * @param messageSocket the connection
	 * @param maxDescriptors how many descriptors the kernel passes in one message
	 */
	ConnectionSender(String connection, MessageSocket messageSocket, int maxDescriptors) {
		this.connection = connection;
		this.messageSocket = messageSocket;
		this.maxDescriptors = maxDescriptors;
	}

	/**
	 * Send as {@link FdConnection#send}.
	 */
	void send(ByteBuffer data, List<FileDescriptor> descriptors) {
		SendFailure.checkDescriptors(descriptors.size(), this.maxDescriptors);
		int start = data.position();
		try {
			begin(data, descriptors);
			while (data.hasRemaining()) {
				this.messageSocket.send(data, List.of());
			}
		}
		catch (IOException ex) {
			throw (data.position() == start) ? nothingSent(ex, data.remaining()) : partSent(ex);
		}
		catch (RuntimeException | Error ex) {
			if (data.position() > start) {
				this.messageSocket.close();
			}
			throw ex;
		}
	}

	private void begin(ByteBuffer data, List<FileDescriptor> descriptors) throws IOException {
		IOException failure = trySend(data, descriptors);
		if (failure != null) {
			retry(data, descriptors, failure);
		}
	}

	/**
	 * A peer may take no descriptors before it has authorized this process. The kernel
	 * does not report when it has.
	 */
	private void retry(ByteBuffer data, List<FileDescriptor> descriptors, IOException first) throws IOException {
		long end = System.nanoTime() + AUTHORIZATION_NANOS;
		IOException failure = first;
		for (long pause = 1; failure != null; pause *= 2) {
			if (descriptors.isEmpty() || Errno.of(failure) != Errno.EPERM || end - System.nanoTime() <= 0) {
				throw failure;
			}
			pause(pause);
			failure = trySend(data, descriptors);
		}
	}

	private @Nullable IOException trySend(ByteBuffer data, List<FileDescriptor> descriptors) {
		try {
			this.messageSocket.send(data, descriptors);
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	private static void pause(long millis) throws IOException {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("interrupted before the peer took descriptors");
		}
	}

	private FdException nothingSent(IOException ex, int length) {
		FdException failure = SendFailure.explain(this.connection, ex, length);
		if (failure instanceof FdConnectException) {
			this.messageSocket.shutdownOutput();
		}
		else if (!(failure instanceof FdLimitException)) {
			this.messageSocket.close();
		}
		return failure;
	}

	/**
	 * Send nothing more: the peer would take it for the rest of this message.
	 */
	private FdException partSent(IOException ex) {
		if (ex instanceof SocketTimeoutException) {
			this.messageSocket.close();
			return new FdTimeoutException(this.connection + " is closed: " + ex.getMessage(), ex);
		}
		this.messageSocket.shutdownOutput();
		return new FdConnectException(
				this.connection + " broke in the middle of a message: " + ex.getMessage() + SendFailure.REFUSED, ex);
	}

}
