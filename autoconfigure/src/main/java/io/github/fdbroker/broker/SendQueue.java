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
 * Keeps the sends to one peer in order. Who sends and waits for it does so on its own
 * thread, after what was queued before; what is queued goes out on a thread that exists
 * while there is something to do, as much at a time as has gathered meanwhile.
 */
final class SendQueue {

	private static final long IDLE_SECONDS = 10;

	private static final long CLOSE_SECONDS = 5;

	private final PeerSettings settings;

	private final SendConnection connection;

	private final int maxDescriptors;

	private final int maxBytes;

	private final WaitingDescriptors descriptors;

	private final ReentrantLock lock = new ReentrantLock();

	/** Taken from only by who has the lock, so that nothing overtakes. */
	private final Queue<PendingSend> waiting = new ConcurrentLinkedQueue<>();

	/** Sent or failed, and to be told so by a thread that has not the lock. */
	private final Queue<PendingSend> done = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private final AtomicBoolean running = new AtomicBoolean();

	private final ThreadPoolExecutor thread;

	private volatile boolean closed;

	/** Why the latest send waited in vain, for those that wait behind it. */
	private @Nullable FdException lastFailure;

	private long failedAttempt;

	/** How many sends have begun, written only by who has the lock. */
	private volatile long attempts;

	SendQueue(PeerSettings settings, PeerConnector connector, WaitingDescriptors descriptors) {
		this(settings, connector, descriptors, daemons(settings.name()));
	}

	SendQueue(PeerSettings settings, PeerConnector connector, WaitingDescriptors descriptors, ThreadFactory threads) {
		this.settings = settings;
		this.descriptors = descriptors;
		this.connection = new SendConnection(connector);
		this.maxDescriptors = settings.format().wireFormat().batchDescriptors();
		this.maxBytes = settings.format().wireFormat().batchBytes();
		this.thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads);
		this.thread.allowCoreThreadTimeOut(true);
	}

	/**
	 * Send a message on this thread, behind all that is queued.
	 * @throws FdTimeoutException if others are sending for the send timeout, or one of
	 * them that began later than this has waited in vain for the peer
	 */
	void send(OutgoingMessage message) {
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
						"Other messages were being sent to peer '%s' for %d ms, see fdbroker.peers.%s.send-timeout"
							.formatted(this.settings.name(), this.settings.sendTimeout().toMillis(),
									this.settings.name()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdException(
					"Interrupted while other messages were being sent to peer '%s'".formatted(this.settings.name()),
					ex);
		}
	}

	/**
	 * What another has waited for in vain since then need not be waited for once more.
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
			this.connection.send(List.of(message));
			this.lastFailure = null;
		}
		catch (FdConnectException | FdTimeoutException ex) {
			if (ex instanceof FdTimeoutException || this.connection.isUnreachable()) {
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
	 * much waits already
	 */
	CompletionStage<Void> sendAsync(OutgoingMessage outgoing) {
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
		return this.connection.isConnected();
	}

	/**
	 * Close the connection, which ends a send that is under way, and fail what waits.
	 */
	void close() {
		this.closed = true;
		this.connection.shutdown();
		this.thread.shutdownNow();
		this.lock.lock();
		try {
			this.connection.close();
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
					"Messages with more than %d descriptors, half of RLIMIT_NOFILE, would wait to be sent; peer '%s' is not the only one that counts"
						.formatted(this.descriptors.limit(), this.settings.name())));
			return false;
		}
		int others = this.pending.getAndAdd(send.weight());
		if (others == 0 || others + send.weight() <= this.settings.maxPendingSends()) {
			return true;
		}
		this.pending.addAndGet(-send.weight());
		this.descriptors.remove(count);
		send.fail(new FdLimitException(
				"%d messages wait to be sent to peer '%s', each counted once for each of its descriptors, see fdbroker.peers.%s.max-pending-sends"
					.formatted(others, this.settings.name(), this.settings.name())));
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
				// Without a thread for it, this one has to wait.
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
	 * Send at least as many messages as asked for, if there are.
	 */
	private void sendWaiting(int count) {
		int sent = 0;
		while (sent < count && !this.waiting.isEmpty()) {
			long start = System.nanoTime();
			SendBatch batch = SendBatch.take(this.waiting, this.maxDescriptors, this.maxBytes);
			batch.send(this.connection);
			sent += batch.sends().size();
			this.done.addAll(batch.sends());
			Throwable failure = batch.sends().get(0).failure();
			if (failure != null && this.connection.isUnreachable()) {
				failOlderThan(start, failure);
			}
		}
	}

	/**
	 * Fail what has waited for a connection for as long as it may.
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
	 * Who is told may send more, so the room is there by then.
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

	private static CustomizableThreadFactory daemons(String peer) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-send-" + peer + "-");
		threads.setDaemon(true);
		return threads;
	}

}
