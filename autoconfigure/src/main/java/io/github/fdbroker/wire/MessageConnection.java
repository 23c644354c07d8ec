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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorConversion;

/**
 * A connection that carries messages.
 * <p>
 * Several threads may send, whose messages never interleave; one thread may receive. Any
 * thread may shut down or close.
 */
public final class MessageConnection implements ReplyChannel, Closeable {

	private static final int INITIAL_BYTES = 4 * 1024;

	private static final Duration LAST_ERROR_TIMEOUT = Duration.ofMillis(100);

	private final FdConnection connection;

	private final WireFormat format;

	private final WireLimits limits;

	private final DescriptorConversion conversion;

	private final Decoder decoder;

	private final ReentrantLock sending = new ReentrantLock();

	private final OutgoingBuffer outgoing = new OutgoingBuffer();

	/** Always ready to be read: what came lies between position and limit. */
	private ByteBuffer incoming = ByteBuffer.allocateDirect(INITIAL_BYTES).limit(0);

	/** Who sent what was read last. */
	private @Nullable PeerCredentials sender;

	/** When the message that has begun must be complete, 0 if none has begun. */
	private long deadline;

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
		this.limits = limits;
		this.conversion = conversion;
		this.decoder = connection.type().preservesBoundaries() ? format.wholeDecoder(limits, recipient)
				: format.decoder(limits, recipient);
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
			this.connection.send(withByte(this.outgoing).flip(), OutgoingMessage.descriptors(messages));
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
	 * Descriptors do not travel over a stream without a byte, see unix(7).
	 */
	private OutgoingBuffer withByte(OutgoingBuffer encoded) {
		if (!preservesBoundaries() && encoded.room(0).position() == 0) {
			encoded.room(1).put((byte) 0);
		}
		return encoded;
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
		return receive(0);
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
		return receive((end != 0) ? end : 1);
	}

	/**
	 * Whether something came that was not received, the end of the stream included. For
	 * the thread that receives.
	 * @return {@code true} if so
	 * @throws FdConnectException if the connection broke
	 */
	public boolean hasUnreceived() {
		return this.incoming.hasRemaining() || this.connection.awaitReadable(Duration.ZERO);
	}

	/**
	 * Drop what came, as much as one read brings, so that a peer that replies where
	 * nobody asked is not blocked by that. For the thread that receives.
	 * @throws FdException as {@link FdConnection#receive}
	 */
	public void dropUnreceived() {
		Received arrival = this.connection.awaitReadable(Duration.ZERO) ? read(null) : null;
		if (arrival != null) {
			arrival.close();
			this.incoming.position(this.incoming.limit());
		}
	}

	private @Nullable Envelope receive(long end) {
		Envelope envelope = decode(null);
		while (envelope == null) {
			if (!this.decoder.isInMessage(this.incoming)) {
				this.conversion.awaitRoom();
			}
			Received arrival = read(patience(end));
			if (arrival == null) {
				return endOfStream();
			}
			envelope = decode(arrival);
			if (envelope != null) {
				this.deadline = 0;
			}
		}
		return (this.sender == null) ? envelope
				: new Envelope(envelope.kind(), envelope.correlation(), envelope.message(), this.sender);
	}

	private @Nullable Envelope decode(@Nullable Received arrival) {
		try {
			Envelope envelope = this.decoder.decode(this.incoming, arrival);
			if (preservesBoundaries()) {
				PacketDecoding.checkDecoded(envelope, arrival != null, this.incoming);
			}
			return envelope;
		}
		catch (FdProtocolException | FdLimitException ex) {
			throw named(ex);
		}
	}

	/**
	 * Say what broke a rule or a limit.
	 */
	private FdException named(FdException ex) {
		String message = this + ": " + ex.getMessage();
		return (ex instanceof FdLimitException) ? new FdLimitException(message, ex)
				: new FdProtocolException(message, ex);
	}

	private boolean preservesBoundaries() {
		return this.connection.type().preservesBoundaries();
	}

	/**
	 * Return how long the next read may take.
	 * @param end when a message has to be there, 0 for never
	 * @return the time, or {@code null} for ever
	 */
	private @Nullable Deadline patience(long end) {
		Duration idleTimeout = this.limits.idleTimeout();
		if (this.decoder.isInMessage(this.incoming)) {
			return patienceForRest(end);
		}
		if (end != 0) {
			return new Deadline(end - System.nanoTime(), () -> "No message came in time");
		}
		return (idleTimeout != null)
				? new Deadline(idleTimeout.toNanos(), () -> "No message came for %d ms, see %s.idle-timeout"
					.formatted(idleTimeout.toMillis(), this.limits.prefix()))
				: null;
	}

	private @Nullable Deadline patienceForRest(long end) {
		Duration timeout = this.limits.messageTimeout();
		if (timeout != null && this.deadline == 0) {
			this.deadline = System.nanoTime() + timeout.toNanos();
		}
		if (timeout != null && (end == 0 || end - this.deadline >= 0)) {
			return new Deadline(this.deadline - System.nanoTime(),
					() -> "The rest of a message did not come within %d ms, see %s.message-timeout; %s was expected"
						.formatted(timeout.toMillis(), this.limits.prefix(), this.decoder.expected()));
		}
		return (end != 0)
				? new Deadline(end - System.nanoTime(),
						() -> "A message did not come whole in time; " + this.decoder.expected() + " was expected")
				: null;
	}

	private Received receive(@Nullable Deadline patience) {
		if (patience == null) {
			return this.connection.receive(this.incoming);
		}
		Received read = (patience.nanos() > 0)
				? this.connection.receive(this.incoming, Duration.ofNanos(patience.nanos())) : null;
		if (read == null) {
			throw new FdTimeoutException(this + ": " + patience.failure().get());
		}
		return read;
	}

	private @Nullable Received read(@Nullable Deadline patience) {
		boolean whole = preservesBoundaries();
		makeRoom(whole ? PacketDecoding.room(this.format, this.limits) : this.decoder.wantedBytes(this.incoming));
		int start = this.incoming.position();
		int end = this.incoming.limit();
		this.incoming.limit(whole ? PacketDecoding.room(this.format, this.limits) : this.incoming.capacity())
			.position(end);
		Received read;
		try {
			read = receive(patience);
		}
		finally {
			this.incoming.limit(this.incoming.position()).position(start);
		}
		if (read.isEnd()) {
			return null;
		}
		check(read);
		try {
			return read.convertibleBy(this.conversion);
		}
		catch (FdLimitException ex) {
			throw named(ex);
		}
	}

	private void check(Received read) {
		try {
			if (preservesBoundaries()) {
				PacketDecoding.check(this.format, this.limits, this.incoming, read);
			}
			checkSender(read);
		}
		catch (FdProtocolException | FdLimitException ex) {
			throw named(ex);
		}
	}

	/**
	 * The kernel ends a read where another sender begins, if it tells the senders.
	 */
	private void checkSender(Received read) {
		PeerCredentials before = this.sender;
		this.sender = read.sender();
		if (before != null && !before.equals(this.sender) && this.deadline != 0) {
			read.close();
			throw new FdProtocolException(
					"A message was begun by %s and gone on with by %s".formatted(before, this.sender));
		}
	}

	private void makeRoom(int bytes) {
		int wanted = Math.max(bytes, INITIAL_BYTES);
		if (this.incoming.capacity() < wanted) {
			this.incoming = ByteBuffer.allocateDirect(wanted).put(this.incoming).flip();
		}
		else if (!this.incoming.hasRemaining()) {
			if (this.incoming.capacity() > Math.max(wanted, OutgoingBuffer.KEPT_BYTES)) {
				this.incoming = ByteBuffer.allocateDirect(wanted);
			}
			this.incoming.clear().limit(0);
		}
		else if (this.incoming.limit() == this.incoming.capacity()) {
			this.incoming.compact().flip();
		}
	}

	private @Nullable Envelope endOfStream() {
		if (this.decoder.isInMessage(this.incoming)) {
			throw new FdConnectException("%s ended in the middle of a message: %d bytes of it came, and %s was expected"
				.formatted(this, this.incoming.remaining(), this.decoder.expected()));
		}
		return null;
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

	/**
	 * Close the connection, and the descriptors of messages that were not fetched. For
	 * the thread that receives.
	 */
	@Override
	public void close() {
		try {
			this.decoder.close();
		}
		finally {
			this.connection.close();
		}
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

	/**
	 * How long to wait.
	 *
	 * @param nanos the time; it is over if not positive
	 * @param failure what to say when it is over
	 */
	private record Deadline(long nanos, Supplier<String> failure) {

	}

}
