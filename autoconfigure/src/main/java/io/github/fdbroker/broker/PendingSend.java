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

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A message that waits to be sent, and the future of its result. It keeps its borrowed
 * descriptors until it is settled, also if the future is completed or cancelled before.
 */
final class PendingSend extends CompletableFuture<Void> {

	private final OutgoingMessage outgoing;

	private final long queued = System.nanoTime();

	private @Nullable Throwable failure;

	PendingSend(OutgoingMessage outgoing) {
		this.outgoing = outgoing;
	}

	OutgoingMessage outgoing() {
		return this.outgoing;
	}

	/**
	 * Return how many descriptors this message has.
	 */
	int descriptors() {
		return this.outgoing.attachments().size();
	}

	/**
	 * Return how much this message counts in the limit of waiting messages.
	 */
	int weight() {
		return Math.max(1, descriptors());
	}

	/**
	 * Return whether this was queued before a time.
	 */
	boolean isOlderThan(long nanoTime) {
		return this.queued - nanoTime < 0;
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Record that this was not sent.
	 */
	void fail(Throwable failure) {
		this.failure = failure;
	}

	/**
	 * Release the borrowed descriptors, then complete the future.
	 */
	void settle() {
		this.outgoing.close();
		if (this.failure == null) {
			complete(null);
		}
		else {
			completeExceptionally(this.failure);
		}
	}

}
