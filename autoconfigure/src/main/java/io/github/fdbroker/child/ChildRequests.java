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

package io.github.fdbroker.child;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Sends requests to a child, and waits for the replies, which another thread receives. In
 * formats whose replies have no number, requests take turns. Safe for use by several
 * threads.
 */
final class ChildRequests {

	private static final Log logger = LogFactory.getLog(ChildRequests.class);

	private final MessageConnection connection;

	private final Consumer<OutgoingMessage> sends;

	private final boolean numbered;

	private final PendingReplies replies = new PendingReplies();

	private final AtomicLong correlations = new AtomicLong();

	/** Held by the request under way if replies have no number. */
	private final ReentrantLock turn = new ReentrantLock();

	/**
	 * Create an instance.
	 * @param connection the connection, which is shut down if a reply without a number
	 * takes too long
	 * @param sends sends the requests
	 */
	ChildRequests(MessageConnection connection, Consumer<OutgoingMessage> sends) {
		this.connection = connection;
		this.sends = sends;
		this.numbered = connection.replies().areById();
	}

	/**
	 * Send a request, and wait for the reply, which may be an error.
	 */
	Envelope exchange(OutgoingMessage message, Duration timeout) {
		return this.numbered ? exchangeNow(message.asRequest(this.correlations.incrementAndGet()), timeout)
				: exchangeInTurn(message.asRequest(0), timeout);
	}

	/**
	 * Pass a received message to the request that waits for it. A reply that comes too
	 * late is closed.
	 * @return {@code false} if the message is not a reply
	 * @throws FdProtocolException if it is the reply to a request that was not sent
	 */
	boolean accept(Envelope envelope) {
		boolean isReply = envelope.kind() == MessageKind.REPLY || envelope.kind() == MessageKind.ERROR;
		if ((isReply || !this.numbered) && this.replies.complete(envelope)) {
			return true;
		}
		if (isReply) {
			envelope.message().close();
			checkLate(envelope.correlation());
		}
		return isReply;
	}

	/**
	 * Fail the requests that wait, and those that follow.
	 */
	void end(FdException reason) {
		this.replies.end(reason);
	}

	private void checkLate(long correlation) {
		if (correlation < 1 || correlation > this.correlations.get()) {
			throw new FdProtocolException("Received a reply to request %d, which was not sent".formatted(correlation));
		}
		logger.debug(this.connection + ": the reply to request " + correlation + " came too late");
	}

	private Envelope exchangeInTurn(OutgoingMessage request, Duration timeout) {
		awaitTurn(timeout);
		try {
			return exchangeNow(request, timeout);
		}
		finally {
			this.turn.unlock();
		}
	}

	private void awaitTurn(Duration timeout) {
		try {
			if (!this.turn.tryLock(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)) {
				throw new FdTimeoutException("%s: another request was waiting for its reply for %d ms"
					.formatted(this.connection, timeout.toMillis()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdException("Interrupted while waiting for another request", ex);
		}
	}

	private Envelope exchangeNow(OutgoingMessage request, Duration timeout) {
		CompletableFuture<Envelope> reply = this.replies.expect(request.correlation());
		try {
			this.sends.accept(request);
		}
		catch (RuntimeException | Error ex) {
			this.replies.abandon(request.correlation(), reply);
			throw ex;
		}
		return await(request.correlation(), reply, timeout);
	}

	private Envelope await(long correlation, CompletableFuture<Envelope> reply, Duration timeout) {
		try {
			return this.replies.await(correlation, reply, timeout);
		}
		catch (FdException ex) {
			if (!this.numbered) {
				// The late reply would be taken for that of the next request.
				this.connection.shutdown();
			}
			throw ex;
		}
	}

}
