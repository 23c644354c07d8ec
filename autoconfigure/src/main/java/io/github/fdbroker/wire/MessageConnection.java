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

package io.github.fdbroker.wire;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.system.DescriptorConversion;

/**
 * A connection that carries messages.
 * <p>
 * Several threads may send; their messages do not interleave. Any thread may shut down.
 * One thread may receive; it alone may also {@linkplain #trySend try to send},
 * {@linkplain #hasUnreceived look for data} and close.
 */
public final class MessageConnection implements ReplyChannel, Closeable {

	private static final Duration LAST_ERROR_TIMEOUT = Duration.ofMillis(100);

	private final FdConnection connection;

	private final WireFormat format;

	private final MessageBoundaries boundaries;

	private final MessageReceiver receiver;

	private final ReentrantLock sending = new ReentrantLock();

	private final OutgoingBuffer outgoing = new OutgoingBuffer();

	/**
	 * Create a connection.
	 * @param connection the connection below, which is closed with this one
	 * @param format the format of the messages
	 * @param limits the limits of the messages that are received
	 * @param recipient whether the receiver of messages takes descriptors
	 * @param conversion converts descriptors to other types
	 */
	public MessageConnection(FdConnection connection, WireFormat format, WireLimits limits, DescriptorDemand recipient,
			DescriptorConversion conversion) {
		this.connection = connection;
		this.format = format;
		this.boundaries = connection.type().preservesBoundaries()
				? new PacketBoundaries(format, limits, format.wholeDecoder(limits, recipient))
				: new StreamBoundaries(format.decoder(limits, recipient));
		this.receiver = new MessageReceiver(connection, this.boundaries, limits, conversion);
	}

	/**
	 * Return the credentials of the other end.
	 * @return the credentials
	 */
	public PeerCredentials peer() {
		return this.connection.peer();
	}

	@Override
	public Correlation replies() {
		return this.format.replies();
	}

	@Override
	public void send(OutgoingMessage message) {
		send(List.of(message));
	}

	/**
	 * Send messages in one sendmsg(2).
	 * @param messages the messages, which the caller has to close; several only if the
	 * format supports that
	 * @throws FdException as {@link FdConnection#send}
	 */
	public void send(List<OutgoingMessage> messages) {
		try {
			encodeAndSend(messages);
		}
		catch (FdConnectException ex) {
			this.connection.close();
			throw ex;
		}
	}

	private void encodeAndSend(List<OutgoingMessage> messages) {
		this.sending.lock();
		try {
			this.outgoing.clear();
			this.format.encode(messages, this.outgoing);
			this.boundaries.complete(this.outgoing);
			this.connection.send(this.outgoing.flip(), OutgoingMessage.descriptors(messages));
		}
		finally {
			this.sending.unlock();
		}
	}

	/**
	 * Send messages in one sendmsg(2) on a connection that may have broken since it was
	 * last used.
	 * @param messages as for {@link #send(List)}
	 * @param peer the name of the peer
	 * @return {@code false} if the connection had broken and accepted nothing; it is
	 * closed then
	 * @throws FdRemoteException if the peer sent an error before it closed the connection
	 * @throws FdException as {@link FdConnection#send}
	 */
	public boolean trySend(List<OutgoingMessage> messages, String peer) {
		try {
			encodeAndSend(messages);
			return true;
		}
		catch (FdConnectException ex) {
			Envelope error = lastError();
			close();
			if (error != null) {
				throw error.toException(peer);
			}
			if (!ex.isNothingSent()) {
				throw ex;
			}
			return false;
		}
	}

	/**
	 * An error that the peer sent before it closed the connection can still be received.
	 */
	private @Nullable Envelope lastError() {
		try {
			Envelope last = hasUnreceived() ? receive(LAST_ERROR_TIMEOUT) : null;
			if (last == null || last.kind() == MessageKind.ERROR) {
				return last;
			}
			last.message().close();
		}
		catch (FdException ex) {
			// The connection broke without an error.
		}
		return null;
	}

	/**
	 * Receive the next message, waiting for it.
	 * @return the message, which the caller has to close, or {@code null} at the end
	 * @throws FdProtocolException if the bytes received are not a message
	 * @throws FdTimeoutException if nothing is received for too long
	 * @throws FdException as {@link FdConnection#receive}
	 */
	public @Nullable Envelope receive() {
		return this.receiver.receive(0);
	}

	/**
	 * Receive the next message, waiting for it for a limited time.
	 * @param timeout how long to wait
	 * @return the message, which the caller has to close, or {@code null} at the end
	 * @throws FdTimeoutException if it is not complete in time; close the connection
	 * @throws FdException as {@link #receive()}
	 */
	public @Nullable Envelope receive(Duration timeout) {
		long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		return this.receiver.receive((end != 0) ? end : 1);
	}

	/**
	 * Return whether there is unreceived data, or the end of the stream.
	 * @return {@code true} if receiving would not wait
	 * @throws FdConnectException if the connection broke
	 */
	public boolean hasUnreceived() {
		return this.receiver.hasUnreceived();
	}

	/**
	 * Drop the data of one read, so that a peer that replies to messages that are not
	 * requests does not block.
	 * @throws FdException as {@link FdConnection#receive}
	 */
	public void dropUnreceived() {
		this.receiver.dropUnreceived();
	}

	/**
	 * Receive only the data that has arrived already. Further sends of the peer fail, and
	 * the thread that receives gets the end of the stream. This side can still send.
	 */
	public void shutdownInput() {
		this.connection.shutdownInput();
	}

	/**
	 * Shut the connection down. Threads that wait for it return with the end of the
	 * stream.
	 */
	@Override
	public void shutdown() {
		this.connection.shutdown();
	}

	@Override
	public boolean hasPeerLeft() {
		return this.connection.hasPeerLeft();
	}

	/**
	 * Close the connection, and the descriptors of messages that were not returned.
	 */
	@Override
	public void close() {
		try {
			this.receiver.close();
		}
		finally {
			this.connection.close();
		}
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

}
