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

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * The listener calls that are in flight for the messages that one thread receives.
 * <p>
 * Waiting is not interruptible, because a method may leave its thread interrupted.
 */
final class InFlight {

	/** How often to check whether the peer has left while its replies are awaited. */
	private static final int PEER_CHECK_MILLIS = 200;

	private final ListenerContext context;

	private final Executor finisher;

	private final Executor closer;

	private final Semaphore pending;

	/** The results that are not complete yet. */
	private final Set<CompletableFuture<?>> results = ConcurrentHashMap.newKeySet();

	/** The results that a peer awaits as replies. */
	private final Set<CompletableFuture<?>> requested = ConcurrentHashMap.newKeySet();

	/** The channels of pending asynchronous replies. */
	private final Set<ReplyChannel> awaited = ConcurrentHashMap.newKeySet();

	private volatile boolean cancelled;

	/**
	 * Create an instance.
	 * @param context the context of the messages
	 * @param finisher runs the tasks that send asynchronous replies, which must not block
	 * the thread that completes a future
	 * @param closer closes the objects that were created from descriptors
	 */
	InFlight(ListenerContext context, Executor finisher, Executor closer) {
		this.context = context;
		this.finisher = finisher;
		this.closer = closer;
		this.pending = new Semaphore(context.settings().maxPending());
	}

	/**
	 * Whether the calls were cancelled.
	 */
	boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Call the listener, after waiting while the maximum number of replies is pending.
	 * @param envelope the message, which this object owns from now on
	 * @param sender the sender
	 * @param replies the channel for replies
	 */
	void deliver(Envelope envelope, FdSender sender, ReplyChannel replies) {
		count(envelope);
		acquire(1, replies);
		boolean done = call(envelope, sender, replies, this.closer);
		if (!done && !replies.replies().areById()) {
			// Replies must be sent in the order of their requests.
			awaitAll(replies);
			this.pending.release(this.context.settings().maxPending());
		}
	}

	/**
	 * Call the listener if fewer than the maximum number of replies are pending. If the
	 * format has no correlation ids, no reply to the same sender may be pending.
	 * @param envelope the message, which this object owns from now on
	 * @param sender the sender
	 * @param replies the channel for replies
	 * @param closer closes the objects that were created from descriptors
	 * @throws FdLimitException if too many replies are pending
	 */
	void deliverNow(Envelope envelope, FdSender sender, ReplyChannel replies, Executor closer) {
		count(envelope);
		boolean ordered = !replies.replies().areById();
		if (ordered && this.awaited.contains(replies) || !this.pending.tryAcquire()) {
			envelope.message().close();
			throw new FdLimitException("%s: %s, see fdbroker.sockets.%s.max-pending-replies".formatted(replies,
					ordered ? "A reply to this sender is already pending, and the format has no correlation ids"
							: this.context.settings().maxPending() + " replies are already pending",
					this.context.settings().name()));
		}
		call(envelope, sender, replies, closer);
	}

	private void count(Envelope envelope) {
		this.context.counters().traffic().received(envelope.message());
	}

	/**
	 * Call the listener.
	 * @return {@code false} if its reply is pending
	 */
	private boolean call(Envelope envelope, FdSender sender, ReplyChannel replies, Executor closer) {
		if (envelope.kind() != MessageKind.ONE_WAY && envelope.kind() != MessageKind.REQUEST) {
			envelope.message().close();
			this.pending.release();
			throw new FdProtocolException(replies + ": Received an unexpected reply");
		}
		MessageComposer composer = this.context.services().composer();
		ListenerCall call = this.context.adapter()
			.call(new Delivery(composer.received(envelope.message()), sender, isRequest(envelope, replies), closer),
					new EnvelopeReply(envelope, sender, replies, this.context), this.finisher);
		clearInterrupt();
		if (call == null) {
			this.pending.release();
			return true;
		}
		await(call, envelope, replies);
		return false;
	}

	/**
	 * Methods that catch an {@link InterruptedException} leave their thread interrupted,
	 * which must not affect the next message.
	 */
	private static void clearInterrupt() {
		boolean ignored = Thread.interrupted();
	}

	/**
	 * Wait until all replies are sent.
	 */
	void awaitAll() {
		this.pending.acquireUninterruptibly(this.context.settings().maxPending());
	}

	/**
	 * Wait until all replies to a peer are sent, or are cancelled because it has left.
	 */
	void awaitAll(ReplyChannel replies) {
		acquire(this.context.settings().maxPending(), replies);
	}

	private void acquire(int permits, ReplyChannel replies) {
		boolean interrupted = false;
		boolean acquired = this.pending.tryAcquire(permits);
		while (!acquired) {
			try {
				acquired = this.pending.tryAcquire(permits, PEER_CHECK_MILLIS, TimeUnit.MILLISECONDS);
				if (!acquired && replies.hasPeerLeft()) {
					this.requested.forEach((result) -> result.cancel(true));
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Cancel the pending results.
	 */
	void cancel() {
		this.cancelled = true;
		this.results.forEach((result) -> result.cancel(true));
	}

	private void await(ListenerCall call, Envelope envelope, ReplyChannel replies) {
		this.results.add(call.result());
		// Where a format cannot distinguish a request from a one-way message, the call
		// continues without its sender.
		if (isRequest(envelope, replies)) {
			this.requested.add(call.result());
		}
		this.awaited.add(replies);
		call.done().whenComplete((done, failure) -> {
			this.results.remove(call.result());
			this.requested.remove(call.result());
			this.awaited.remove(replies);
			this.pending.release();
		});
		limit(call.result(), this.context.settings().listenerTimeout());
		if (this.cancelled) {
			call.result().cancel(true);
		}
	}

	private static boolean isRequest(Envelope envelope, ReplyChannel replies) {
		return envelope.kind() == MessageKind.REQUEST && replies.replies().repliesToAll();
	}

	private void limit(CompletableFuture<?> result, @Nullable Duration timeout) {
		if (timeout == null) {
			return;
		}
		CompletableFuture<Void> timer = new CompletableFuture<Void>().completeOnTimeout(null,
				TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
		timer.thenRun(() -> result.completeExceptionally(
				new FdTimeoutException("The listener of %s did not complete its result within %d ms, see %s".formatted(
						this.context.settings().label(), timeout.toMillis(),
						this.context.settings().property("listener-timeout")))));
		result.whenComplete((value, failure) -> timer.cancel(false));
	}

}
