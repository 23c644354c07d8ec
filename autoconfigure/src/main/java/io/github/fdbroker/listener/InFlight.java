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

package io.github.fdbroker.listener;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * The calls of a listener method for the messages that one thread receives, until the
 * last reply.
 */
final class InFlight {

	private final ListenerContext context;

	private final Semaphore pending;

	/** The results of methods that are not there yet. */
	private final Set<CompletableFuture<?>> results = ConcurrentHashMap.newKeySet();

	private volatile boolean cancelled;

	InFlight(ListenerContext context) {
		this.context = context;
		this.pending = new Semaphore(context.settings().maxPending());
	}

	/**
	 * Whether the results are not awaited any more.
	 */
	boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Call the method.
	 * @param envelope the message, which belongs to this method
	 * @param sender who sent it
	 * @param held what is counted for the sender
	 * @param replies where replies go
	 */
	void deliver(Envelope envelope, FdSender sender, DescriptorQuota.Lease held, ReplyChannel replies)
			throws InterruptedException {
		int descriptors = envelope.message().attachments().size();
		this.context.counters().messageReceived(descriptors);
		if (envelope.kind() != MessageKind.ONE_WAY && envelope.kind() != MessageKind.REQUEST) {
			envelope.message().close();
			throw new FdProtocolException(replies + ": A reply came that nobody waits for");
		}
		hold(envelope, descriptors, held, replies);
		awaitTurn(envelope, descriptors, held);
		ListenerCall call = this.context.adapter()
			.call(this.context.services().composer().received(envelope.message()), sender,
					new EnvelopeReply(envelope, replies, this.context.services().composer()));
		if (call == null) {
			held.release(descriptors);
			return;
		}
		goOn(call, descriptors, held);
		if (!replies.replies().areById()) {
			// Correlation have to keep the order of their requests.
			awaitAll();
			this.pending.release(this.context.settings().maxPending());
		}
	}

	/**
	 * Wait for the last reply.
	 */
	void awaitAll() throws InterruptedException {
		this.pending.acquire(this.context.settings().maxPending());
	}

	/**
	 * Cancel the results that are awaited.
	 */
	void cancel() {
		this.cancelled = true;
		this.results.forEach((result) -> result.cancel(true));
	}

	private void goOn(ListenerCall call, int descriptors, DescriptorQuota.Lease held) {
		this.pending.acquireUninterruptibly();
		this.results.add(call.result());
		call.done().whenComplete((done, failure) -> {
			this.results.remove(call.result());
			held.release(descriptors);
			this.pending.release();
		});
		if (this.cancelled) {
			call.result().cancel(true);
		}
	}

	/**
	 * Wait until fewer replies are awaited than may be. Nobody but this thread adds to
	 * them, so there is room for one more then.
	 */
	private void awaitTurn(Envelope envelope, int descriptors, DescriptorQuota.Lease held) throws InterruptedException {
		if (this.pending.availablePermits() > 0) {
			return;
		}
		try {
			this.pending.acquire();
			this.pending.release();
		}
		catch (InterruptedException ex) {
			envelope.message().close();
			held.release(descriptors);
			throw ex;
		}
	}

	private static void hold(Envelope envelope, int descriptors, DescriptorQuota.Lease held, ReplyChannel replies)
			throws InterruptedException {
		try {
			held.acquire(descriptors);
		}
		catch (FdLimitException ex) {
			envelope.message().close();
			throw new FdLimitException(replies + ": " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			envelope.message().close();
			throw ex;
		}
	}

}
