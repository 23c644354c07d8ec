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
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Keeps the sends to one peer or child in order. {@link #send} sends on the calling
 * thread, after the messages that were queued before. Queued messages are sent by a
 * thread that exists while there are any, several at a time if several have gathered.
 * Safe for use by several threads.
 */
public final class SendQueue implements AutoCloseable {

	private static final long IDLE_SECONDS = 10;

	private static final long CLOSE_SECONDS = 5;

	private final DestinationSettings settings;

	private final SendChannel channel;

	private final int maxDescriptors;

	private final int maxBytes;

	private final WaitingDescriptors descriptors;

	private final ReentrantLock lock = new ReentrantLock();

	/** Only the thread that holds the lock removes messages, which keeps their order. */
	private final Queue<PendingSend> waiting = new ConcurrentLinkedQueue<>();

	/** Sent or failed, to be completed by a thread that does not hold the lock. */
	private final Queue<PendingSend> done = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private final AtomicBoolean running = new AtomicBoolean();

	private final ThreadPoolExecutor thread;

	private volatile boolean closed;

	/** The failure of the latest send that waited, for the sends that wait behind it. */
	private @Nullable FdException lastFailure;

	private long failedAttempt;

	/** The number of sends that have begun, written only with the lock. */
	private volatile long attempts;

	/**
	 * Create a queue.
	 * @param settings how messages are exchanged
	 * @param channel the connection to send on, which is closed with the queue
	 * @param descriptors counts the descriptors that wait
	 */
	public SendQueue(DestinationSettings settings, SendChannel channel, WaitingDescriptors descriptors) {
		this(settings, channel, descriptors, daemons(settings.name()));
	}

	SendQueue(DestinationSettings settings, SendChannel channel, WaitingDescriptors descriptors,
			ThreadFactory threads) {
		this.settings = settings;
		this.descriptors = descriptors;
		this.channel = channel;
		this.maxDescriptors = settings.wireFormat().batchDescriptors();
		this.maxBytes = settings.wireFormat().batchBytes();
		this.thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads);
		this.thread.allowCoreThreadTimeOut(true);
	}

	/**
	 * Send a message on this thread, after all queued messages.
	 * @param message the message, which the caller has to close
	 * @throws FdTimeoutException if other threads are sending for the send timeout, or a
	 * send that began after this call has timed out
	 */
	public void send(OutgoingMessage message) {
		long before = this.attempts;
		acquire();
		try {
			sendWaiting(this.pending.get());
			checkFailureSince(before);
			sendNow(message);
		}
		finally {
			this.lock.unlock();
			if (!this.done.isEmpty()) {
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

	/**
	 * If another send has timed out since then, this one fails at once instead of waiting
	 * for the same time again.
	 */
	private void checkFailureSince(long before) {
		FdException failure = this.lastFailure;
		if (failure == null || this.failedAttempt <= before) {
			return;
		}
		if (failure instanceof FdTimeoutException) {
			throw new FdTimeoutException("Nothing was sent after another send failed: " + failure.getMessage(),
					failure);
		}
		throw FdConnectException.nothingSent("Nothing was sent after another send failed: " + failure.getMessage(),
				failure);
	}

	private void sendNow(OutgoingMessage message) {
		long attempt = this.attempts + 1;
		this.attempts = attempt;
		try {
			this.channel.send(List.of(message));
			this.lastFailure = null;
		}
		catch (FdConnectException | FdTimeoutException ex) {
			if (ex instanceof FdTimeoutException || this.channel.isUnreachable()) {
				this.lastFailure = ex;
				this.failedAttempt = attempt;
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
		if (isAdmitted(send)) {
			this.waiting.add(send);
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
		return this.pending.get();
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

	private boolean isAdmitted(PendingSend send) {
		int count = send.outgoing().attachments().size();
		if (!this.descriptors.add(count)) {
			send.fail(new FdLimitException(
					"Messages with more than %d descriptors, half of RLIMIT_NOFILE, would wait to be sent to %s and all others"
						.formatted(this.descriptors.limit(), this.settings.label())));
			return false;
		}
		int others = this.pending.getAndAdd(send.weight());
		if (others == 0 || others + send.weight() <= this.settings.maxPendingSends()) {
			return true;
		}
		this.pending.addAndGet(-send.weight());
		this.descriptors.remove(count);
		send.fail(new FdLimitException(
				"%d messages wait to be sent to %s, a message with several descriptors counted once per descriptor, see %s"
					.formatted(others, this.settings.label(), this.settings.property("max-pending-sends"))));
		return false;
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
			if (!isIdle()) {
				start();
			}
		}
	}

	private void run() {
		while (!isIdle()) {
			this.lock.lock();
			try {
				sendWaiting(1);
			}
			finally {
				this.lock.unlock();
			}
			settle();
		}
	}

	private boolean isIdle() {
		return this.waiting.isEmpty() && this.done.isEmpty();
	}

	/**
	 * Send at least as many of the waiting messages as asked for.
	 */
	private void sendWaiting(int count) {
		int sent = 0;
		while (sent < count && !this.waiting.isEmpty()) {
			long start = System.nanoTime();
			SendBatch batch = SendBatch.take(this.waiting, this.maxDescriptors, this.maxBytes);
			batch.send(this.channel);
			sent += batch.sends().size();
			this.done.addAll(batch.sends());
			Throwable failure = batch.sends().get(0).failure();
			if (failure != null && this.channel.isUnreachable()) {
				failOlderThan(start, failure);
			}
		}
	}

	/**
	 * Fail the messages that were queued before an attempt to connect that failed.
	 */
	private void failOlderThan(long start, Throwable failure) {
		PendingSend next = this.waiting.peek();
		while (next != null && next.isOlderThan(start)) {
			next.fail(failure);
			this.done.add(this.waiting.remove());
			next = this.waiting.peek();
		}
	}

	/**
	 * Complete the messages. Dependent actions may send more, so release their room
	 * first.
	 */
	private void settle() {
		PendingSend send = this.done.poll();
		while (send != null) {
			this.pending.addAndGet(-send.weight());
			this.descriptors.remove(send.outgoing().attachments().size());
			send.settle();
			send = this.done.poll();
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

	private static CustomizableThreadFactory daemons(String name) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-send-" + name + "-");
		threads.setDaemon(true);
		return threads;
	}

}
