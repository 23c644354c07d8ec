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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The calls of accept(2) on a channel that may be closed meanwhile.
 */
final class AcceptCalls {

	private static final long TIMEOUT_MILLIS = 1000;

	/** The calls, and what they brought and is not registered yet. */
	private final AtomicInteger pending = new AtomicInteger();

	private int begun;

	/**
	 * A call is about to be made.
	 */
	synchronized void begin() {
		this.begun++;
	}

	/**
	 * Make the call.
	 * @return {@code null} if the channel was closed
	 */
	@Nullable SocketChannel call(ServerSocketChannel channel) throws IOException {
		this.pending.incrementAndGet();
		SocketChannel accepted = null;
		try {
			accepted = channel.accept();
		}
		catch (ClosedByInterruptException ex) {
			throw ex;
		}
		catch (ClosedChannelException ex) {
			return null;
		}
		finally {
			if (accepted == null) {
				registered();
			}
			end();
		}
		return accepted;
	}

	private synchronized void end() {
		this.begun--;
		notifyAll();
	}

	/**
	 * Wait until no call is made. Closing a channel wakes the threads in accept(2), but
	 * until they run they may still get a connection.
	 */
	synchronized void awaitEnd() {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
		try {
			while (this.begun > 0 && end - System.nanoTime() > 0) {
				wait(TIMEOUT_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What a call brought is registered with the server, or closed.
	 */
	void registered() {
		this.pending.decrementAndGet();
	}

	int pending() {
		return Math.max(0, this.pending.get());
	}

}
