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
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Determines how long a read may take: until a reply is due, until a message that has
 * begun must be complete, or until the connection has been idle for too long. For use by
 * one thread.
 */
final class ReadDeadline {

	private final WireLimits limits;

	private final Decoder decoder;

	/** When the message that has begun must be complete, 0 if none has begun. */
	private long messageEnd;

	ReadDeadline(WireLimits limits, Decoder decoder) {
		this.limits = limits;
		this.decoder = decoder;
	}

	/**
	 * Return whether the time for a message that has begun is running.
	 */
	boolean isRunning() {
		return this.messageEnd != 0;
	}

	/**
	 * End the time for a message, which is complete.
	 */
	void messageComplete() {
		this.messageEnd = 0;
	}

	/**
	 * Return how long the next read may take.
	 * @param unread the bytes that are not decoded yet
	 * @param end the time by which a message must be complete, 0 for no limit
	 * @return the wait, or {@code null} for one without a limit
	 */
	@Nullable Wait next(ByteBuffer unread, long end) {
		if (this.decoder.isInMessage(unread)) {
			return rest(end);
		}
		if (end != 0) {
			return new Wait(end - System.nanoTime(), () -> "Received no message in time");
		}
		Duration idleTimeout = this.limits.idleTimeout();
		return (idleTimeout != null)
				? new Wait(idleTimeout.toNanos(), () -> "Received no message for %d ms, see %s.idle-timeout"
					.formatted(idleTimeout.toMillis(), this.limits.prefix()))
				: null;
	}

	private @Nullable Wait rest(long end) {
		Duration timeout = this.limits.messageTimeout();
		if (timeout != null && this.messageEnd == 0) {
			this.messageEnd = System.nanoTime() + timeout.toNanos();
		}
		if (timeout != null && (end == 0 || end - this.messageEnd >= 0)) {
			return new Wait(this.messageEnd - System.nanoTime(),
					() -> "The rest of a message did not arrive within %d ms, see %s.message-timeout; expected %s"
						.formatted(timeout.toMillis(), this.limits.prefix(), this.decoder.expected()));
		}
		return (end != 0) ? new Wait(end - System.nanoTime(),
				() -> "A message was not complete in time; expected " + this.decoder.expected()) : null;
	}

	/**
	 * A limited wait.
	 *
	 * @param nanos the remaining time, not positive if it is over
	 * @param failure the message for the timeout
	 */
	record Wait(long nanos, Supplier<String> failure) {

	}

}
