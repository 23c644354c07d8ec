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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorConversion;

/**
 * The receiving half of a {@link MessageConnection}. For use by one thread.
 */
final class MessageReceiver {

	/** How long a connection keeps a large buffer while nothing comes. */
	private static final Duration IDLE = Duration.ofSeconds(1);

	private static final Duration FOREVER = Duration.ofDays(1000);

	private final FdConnection connection;

	private final MessageBoundaries boundaries;

	private final DescriptorConversion conversion;

	private final Decoder decoder;

	private final ReadDeadline deadline;

	private final ReadBuffer buffer = new ReadBuffer();

	/** The sender of the bytes that were read last. */
	private @Nullable PeerCredentials sender;

	MessageReceiver(FdConnection connection, MessageBoundaries boundaries, WireLimits limits,
			DescriptorConversion conversion) {
		this.connection = connection;
		this.boundaries = boundaries;
		this.conversion = conversion;
		this.decoder = boundaries.decoder();
		this.deadline = new ReadDeadline(limits, this.decoder);
	}

	/**
	 * Receive the next message.
	 * @param end the time by which it must be complete, 0 for no limit
	 * @return the message, or {@code null} at the end of the stream
	 */
	@Nullable Envelope receive(long end) {
		Envelope envelope = decode(null);
		while (envelope == null) {
			if (!this.decoder.isInMessage(this.buffer.unread())) {
				this.conversion.awaitRoom();
			}
			Received arrival = read(this.deadline.next(this.buffer.unread(), end));
			if (arrival == null) {
				return endOfStream();
			}
			envelope = decode(arrival);
			if (envelope != null) {
				this.deadline.messageComplete();
			}
		}
		return (this.sender == null) ? envelope
				: new Envelope(envelope.kind(), envelope.correlation(), envelope.message(), this.sender);
	}

	boolean hasUnreceived() {
		return this.buffer.unread().hasRemaining() || this.connection.awaitReadable(Duration.ZERO);
	}

	void dropUnreceived() {
		Received arrival = this.connection.awaitReadable(Duration.ZERO) ? read(null) : null;
		if (arrival != null) {
			arrival.close();
			this.buffer.drop();
		}
	}

	/**
	 * Close the descriptors of messages that were not returned.
	 */
	void close() {
		this.decoder.close();
	}

	private @Nullable Envelope decode(@Nullable Received arrival) {
		try {
			return this.boundaries.decode(this.buffer.unread(), arrival);
		}
		catch (FdProtocolException | FdLimitException ex) {
			throw named(ex);
		}
		catch (Error ex) {
			// Memory may run out before the decoder holds the descriptors.
			if (arrival != null) {
				arrival.close();
			}
			throw ex;
		}
	}

	private @Nullable Received read(ReadDeadline.@Nullable Wait wait) {
		Received read = ReadBuffer.isSmall(this.boundaries.wantedBytes(this.buffer.unread())) ? receive(wait)
				: receiveIntoLarge(wait);
		if (read.isEnd()) {
			return null;
		}
		try {
			this.boundaries.check(this.buffer.unread(), read);
			checkSender(read);
			return read.convertibleBy(this.conversion);
		}
		catch (FdProtocolException | FdLimitException ex) {
			throw named(ex);
		}
	}

	private Received receive(ReadDeadline.@Nullable Wait wait) {
		if (wait == null) {
			return Objects.requireNonNull(tryReceive(null));
		}
		Received read = (wait.nanos() > 0) ? tryReceive(Duration.ofNanos(wait.nanos())) : null;
		if (read == null) {
			throw timedOut(wait);
		}
		return read;
	}

	/**
	 * Receive what needs a large buffer, which an idle connection does not hold: it is
	 * given up after a while in which nothing came, and created when something has come.
	 */
	private Received receiveIntoLarge(ReadDeadline.@Nullable Wait wait) {
		long end = (wait != null) ? System.nanoTime() + wait.nanos() : 0;
		Duration limit = limit(wait, end);
		boolean ready = this.buffer.hasRoom(this.boundaries.wantedBytes(this.buffer.unread()));
		Received read = ready ? tryReceive(limit) : null;
		while (read == null) {
			this.buffer.release();
			Duration rest = (wait != null) ? Duration.ofNanos(Math.max(1, end - System.nanoTime())) : FOREVER;
			if (this.connection.awaitReadable(rest)) {
				read = tryReceive(limit(wait, end));
			}
			else {
				limit(wait, end);
			}
		}
		return read;
	}

	/**
	 * Return how long to wait with a large buffer.
	 * @throws FdTimeoutException if the time is over
	 */
	private Duration limit(ReadDeadline.@Nullable Wait wait, long end) {
		if (wait == null) {
			return IDLE;
		}
		long remaining = end - System.nanoTime();
		if (remaining <= 0) {
			throw timedOut(wait);
		}
		return (remaining < IDLE.toNanos()) ? Duration.ofNanos(remaining) : IDLE;
	}

	private @Nullable Received tryReceive(@Nullable Duration timeout) {
		ByteBuffer into = this.boundaries.startRead(this.buffer);
		try {
			return (timeout != null) ? this.connection.receive(into, timeout) : this.connection.receive(into);
		}
		finally {
			this.buffer.endRead();
		}
	}

	private FdTimeoutException timedOut(ReadDeadline.Wait wait) {
		return new FdTimeoutException(this.connection + ": " + wait.failure().get());
	}

	/**
	 * With SO_PASSCRED, the kernel ends a read where the data of another sender begins.
	 */
	private void checkSender(Received read) {
		PeerCredentials before = this.sender;
		this.sender = read.sender();
		if (before != null && !before.equals(this.sender) && this.deadline.isRunning()) {
			read.close();
			throw new FdProtocolException(
					"A message was started by %s but continued by %s".formatted(before, this.sender));
		}
	}

	private @Nullable Envelope endOfStream() {
		ByteBuffer unread = this.buffer.unread();
		if (this.decoder.isInMessage(unread)) {
			throw new FdConnectException("%s ended in the middle of a message, after %d bytes of it; expected %s"
				.formatted(this.connection, unread.remaining(), this.decoder.expected()));
		}
		return null;
	}

	/**
	 * Add the connection to the message.
	 */
	private FdException named(FdException ex) {
		String message = this.connection + ": " + ex.getMessage();
		return (ex instanceof FdLimitException) ? new FdLimitException(message, ex)
				: new FdProtocolException(message, ex);
	}

}
