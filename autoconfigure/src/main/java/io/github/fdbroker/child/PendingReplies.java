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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.Envelope;

/**
 * The requests that wait for replies, which another thread receives, by correlation.
 */
final class PendingReplies {

	private final Map<Long, CompletableFuture<Envelope>> pending = new ConcurrentHashMap<>();

	private volatile @Nullable FdException end;

	/**
	 * Register a request before it is sent. {@link #await} or {@link #abandon} must
	 * follow.
	 */
	CompletableFuture<Envelope> expect(long correlation) {
		CompletableFuture<Envelope> reply = new CompletableFuture<>();
		this.pending.put(correlation, reply);
		FdException ended = this.end;
		if (ended != null) {
			reply.completeExceptionally(ended);
		}
		return reply;
	}

	/**
	 * Wait for a reply.
	 * @throws FdTimeoutException if it takes too long; it is dropped when it comes
	 * @throws FdConnectException if the connection has ended
	 */
	Envelope await(long correlation, CompletableFuture<Envelope> reply, Duration timeout) {
		try {
			return reply.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			abandon(correlation, reply);
			throw new FdTimeoutException("No reply came within " + timeout.toMillis() + " ms");
		}
		catch (InterruptedException ex) {
			abandon(correlation, reply);
			Thread.currentThread().interrupt();
			throw new FdException("Interrupted while waiting for a reply", ex);
		}
		catch (ExecutionException ex) {
			Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
			throw new FdConnectException("The connection ended before the reply came: " + cause.getMessage(), cause);
		}
		finally {
			this.pending.remove(correlation);
		}
	}

	/**
	 * Stop waiting, and drop a reply that has already arrived.
	 */
	void abandon(long correlation, CompletableFuture<Envelope> reply) {
		this.pending.remove(correlation);
		reply.cancel(false);
		reply.thenAccept((envelope) -> envelope.message().close());
	}

	/**
	 * Pass a reply to the request that waits for it.
	 * @return {@code false} if no request waits for it
	 */
	boolean complete(Envelope envelope) {
		CompletableFuture<Envelope> reply = this.pending.remove(envelope.correlation());
		if (reply != null && !reply.complete(envelope)) {
			envelope.message().close();
		}
		return reply != null;
	}

	/**
	 * Fail all requests that wait, and all that follow.
	 */
	void end(FdException reason) {
		this.end = reason;
		this.pending.values().forEach((reply) -> reply.completeExceptionally(reason));
	}

}
