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

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdLimitException;

/**
 * The threads on which asynchronous requests wait for their replies. They exist while
 * there are such requests.
 */
public final class AsyncRequests implements AutoCloseable {

	private final ThreadPoolExecutor threads;

	private final DestinationSettings settings;

	private final AtomicInteger pending = new AtomicInteger();

	/**
	 * Create the threads.
	 * @param settings how messages are exchanged
	 * @param maxThreads how many requests may be under way at a time
	 */
	public AsyncRequests(DestinationSettings settings, int maxThreads) {
		this.threads = TransientThreads.pool(maxThreads, settings.maxPendingSends(),
				TransientThreads.daemons("fd-request-" + settings.name() + "-"));
		this.settings = settings;
	}

	/**
	 * Send a request as soon as a thread is free.
	 * @param request the request, which fails at once if too many wait
	 */
	public void start(AsyncRequest request) {
		this.pending.incrementAndGet();
		request.whenComplete((reply, failure) -> this.pending.decrementAndGet());
		try {
			this.threads.execute(request);
		}
		catch (RejectedExecutionException ex) {
			request.fail(this.threads.isShutdown() ? closed()
					: new FdLimitException(
							"%d requests wait to be sent to %s, see %s".formatted(this.threads.getQueue().size(),
									this.settings.label(), this.settings.property("max-pending-sends"))));
		}
	}

	/**
	 * Whether no request is under way or waits.
	 */
	boolean isIdle() {
		return this.pending.get() == 0;
	}

	/**
	 * Fail the requests that wait for a thread. Those under way end with their
	 * connections.
	 */
	@Override
	public void close() {
		this.threads.shutdownNow().forEach((waiting) -> ((AsyncRequest) waiting).fail(closed()));
	}

	private static FdConnectException closed() {
		return new FdConnectException("The broker is closed");
	}

}
