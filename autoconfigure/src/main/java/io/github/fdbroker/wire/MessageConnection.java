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
 * Several threads may send, whose messages never interleave; one thread may receive. Any
 * thread may shut down or close.
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
	 * @param limits what the other side may send
	 * @param recipient who it is for
	 * @param conversion what gives descriptors to objects of other types
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
		try {
			encodeAndSend(List.of(message));
		}
		catch (FdConnectException ex) {
			this.connection.close();
			throw ex;
		}
	}

	/**
	 * Tell the peer why the connection is about to be closed, if the format can say so.
	 * @param reason the reason
	 */
	public void refuse(FdException reason) {
		if (this.format.replies().repliesToAll()) {
			try {
				send(OutgoingMessage.error(0, reason));
			}
			catch (FdException ex) {
				// The peer is gone, or takes nothing.
			}
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
	 * Send messages in one sendmsg(2), over a connection that may have broken since it
	 * was last used. For the thread that receives.
	 * @param messages the messages, several only where the format has a way to say so,
	 * which the caller has to close
	 * @param peer the name of the peer
	 * @return {@code false} if it had, took nothing, and is closed
	 * @throws FdRemoteException if the peer has said why it ended the connection
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
	 * What the peer sent before it closed the connection can still be received.
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
			// The connection broke without a word.
		}
		return null;
	}

	/**
	 * Receive the next message, waiting for it.
	 * @return the message, which the caller has to close, or {@code null} at the end of
	 * the stream
	 * @throws FdProtocolException if what came is no message; close the connection
	 * @throws FdTimeoutException if nothing came for too long; close the connection
	 * @throws FdException as {@link FdConnection#receive}
	 */
	public @Nullable Envelope receive() {
		return this.receiver.receive(0);
	}

	/**
	 * Receive the next message, waiting for it for a while.
	 * @param timeout how long to wait
	 * @return the message, which the caller has to close, or {@code null} at the end of
	 * the stream
	 * @throws FdTimeoutException if it did not come in time; close the connection
	 * @throws FdException as {@link #receive()}
	 */
	public @Nullable Envelope receive(Duration timeout) {
		long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		return this.receiver.receive((end != 0) ? end : 1);
	}

	/**
	 * Whether something came that was not received, the end of the stream included. For
	 * the thread that receives.
	 * @return {@code true} if so
	 * @throws FdConnectException if the connection broke
	 */
	public boolean hasUnreceived() {
		return this.receiver.hasUnreceived();
	}

	/**
	 * Drop what came, as much as one read brings, so that a peer that replies where
	 * nobody asked is not blocked by that. For the thread that receives.
	 * @throws FdException as {@link FdConnection#receive}
	 */
	public void dropUnreceived() {
		this.receiver.dropUnreceived();
	}

	/**
	 * Receive nothing more than what has come already: the peer's sends fail, and who
	 * waits to receive sees the end of the stream after that. Sending goes on.
	 */
	public void shutdownInput() {
		this.connection.shutdownInput();
	}

	/**
	 * Shut the connection down, which wakes whoever waits in it with the end of the
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
	 * Close the connection, and the descriptors of messages that were not fetched. For
	 * the thread that receives.
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
