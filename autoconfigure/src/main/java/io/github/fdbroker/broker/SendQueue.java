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

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Keeps the sends to one peer or child in order. {@link #send} sends on the calling
 * thread, after the messages that were queued before. A thread that exists while messages
 * are queued sends them, several at a time if several have gathered. Safe for use by
 * several threads.
 */
public final class SendQueue implements AutoCloseable {

	private static final long CLOSE_SECONDS = 5;

	private final DestinationSettings settings;

	private final SendChannel channel;

	private final ReentrantLock lock = new ReentrantLock();

	/** Only the thread that holds the lock takes messages, which keeps their order. */
	private final WaitingSends waiting;

	private final SendAttempts attempts = new SendAttempts();

	private final AtomicBoolean running = new AtomicBoolean();

	private final ThreadPoolExecutor thread;

	private volatile boolean closed;

	/**
	 * Create a queue.
	 * @param settings how messages are exchanged
	 * @param channel the connection to send on, which is closed with the queue
	 * @param descriptors counts the descriptors that wait
	 */
	public SendQueue(DestinationSettings settings, SendChannel channel, WaitingDescriptors descriptors) {
		this(settings, channel, descriptors, TransientThreads.daemons("fd-send-" + settings.name() + "-"));
	}

	SendQueue(DestinationSettings settings, SendChannel channel, WaitingDescriptors descriptors,
			ThreadFactory threads) {
		this.settings = settings;
		this.channel = channel;
		this.waiting = new WaitingSends(settings, descriptors);
		this.thread = TransientThreads.pool(1, Integer.MAX_VALUE, threads);
	}

	/**
	 * Send a message on this thread, after all queued messages.
	 * @param message the message, which the caller has to close
	 * @throws FdTimeoutException if other threads are sending for the send timeout, or a
	 * send that began after this call has timed out
	 */
	public void send(OutgoingMessage message) {
		long before = this.attempts.count();
		acquire();
		try {
			sendWaiting(this.waiting.count());
			this.attempts.checkFailureSince(before);
			sendNow(message);
		}
		finally {
			this.lock.unlock();
			if (this.waiting.hasDone()) {
				start();
			}
		}
	}

	private void acquire() {
		if (this.settings.sendTimeout().isZero()) {
			this.lock.lock();
			return;
		}
		try {
			if (!this.lock.tryLock() && !this.lock.tryLock(TimeUnit.NANOSECONDS.convert(this.settings.sendTimeout()),
					TimeUnit.NANOSECONDS)) {
				throw new FdTimeoutException(
						"Other messages were being sent to %s for %d ms, see %s".formatted(this.settings.label(),
								this.settings.sendTimeout().toMillis(), this.settings.property("send-timeout")));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdException("Interrupted while other messages were being sent to " + this.settings.label(), ex);
		}
	}

	private void sendNow(OutgoingMessage message) {
		this.attempts.begin();
		try {
			this.channel.send(List.of(message));
			this.attempts.succeeded();
		}
		catch (FdConnectException | FdTimeoutException ex) {
			if (ex instanceof FdTimeoutException || this.channel.isUnreachable()) {
				this.attempts.failed(ex);
			}
			throw ex;
		}
	}

	/**
	 * Queue a message.
	 * @param outgoing the message, closed when it was sent or failed
	 * @return completed then, on the thread that sends; exceptionally and at once if too
	 * many messages wait already
	 */
	public CompletionStage<Void> sendAsync(OutgoingMessage outgoing) {
		PendingSend send = new PendingSend(outgoing);
		if (this.waiting.add(send)) {
			start();
		}
		else {
			send.settle();
		}
		return send;
	}

	/**
	 * Return how much waits to be sent, each message counted once for each of its
	 * descriptors.
	 */
	int pending() {
		return this.waiting.count();
	}

	boolean isConnected() {
		return this.channel.isConnected();
	}

	/**
	 * Close the connection, which ends a send that is under way, and fail the messages
	 * that wait.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.channel.shutdown();
		this.thread.shutdownNow();
		this.lock.lock();
		try {
			this.channel.close();
		}
		finally {
			this.lock.unlock();
		}
		run();
		awaitThread();
	}

	private void start() {
		if (this.closed) {
			run();
		}
		else if (!this.running.get() && this.running.compareAndSet(false, true)) {
			try {
				this.thread.execute(this::runUntilDone);
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				// No thread can be started, so this thread sends.
				runUntilDone();
			}
		}
	}

	private void runUntilDone() {
		try {
			run();
		}
		finally {
			this.running.set(false);
			if (!this.waiting.isIdle()) {
				start();
			}
		}
	}

	private void run() {
		while (!this.waiting.isIdle()) {
			this.lock.lock();
			try {
				sendWaiting(1);
			}
			finally {
				this.lock.unlock();
			}
			this.waiting.settle();
		}
	}

	/**
	 * Send at least as many of the waiting messages as asked for.
	 */
	private void sendWaiting(int count) {
		int sent = 0;
		while (sent < count && this.waiting.hasNext()) {
			long start = System.nanoTime();
			SendBatch batch = this.waiting.take();
			batch.send(this.channel);
			sent += batch.sends().size();
			this.waiting.done(batch);
			Throwable failure = batch.sends().get(0).failure();
			if (failure != null && this.channel.isUnreachable()) {
				this.waiting.failOlderThan(start, failure);
			}
		}
	}

	private void awaitThread() {
		try {
			this.thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
