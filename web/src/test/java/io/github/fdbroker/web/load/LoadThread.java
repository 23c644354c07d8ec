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

package io.github.fdbroker.web.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one request after the other on a connection.
 */
final class LoadThread extends Thread {

	/** A client that is refused would do nothing else otherwise. */
	private static final long PAUSE_AFTER_FAILURE_MILLIS = 10;

	private final LoadClient client;

	private final HttpConnection connection;

	private final Samples samples;

	private final long pauseNanos;

	private volatile long failures;

	LoadThread(LoadClient client, HttpConnection connection, long pauseNanos) {
		this.client = client;
		this.connection = connection;
		this.samples = new Samples(client::isAround);
		this.pauseNanos = pauseNanos;
	}

	@Override
	public void run() {
		try (this.connection) {
			while (!this.client.stopping()) {
				ask();
				LockSupport.parkNanos(this.pauseNanos);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void ask() throws IOException, InterruptedException {
		long beginMillis = System.currentTimeMillis();
		long begin = System.nanoTime();
		try {
			long process = this.connection.ask();
			this.samples.add(begin, System.nanoTime());
			this.client.answered(process);
		}
		catch (IOException | RuntimeException ex) {
			long process = this.connection.process();
			this.connection.drop();
			this.failures++;
			this.client.failed(new Failure(beginMillis, System.currentTimeMillis(), process, ex.toString()));
			Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
		}
	}

	/**
	 * How many requests ended, with those that failed.
	 */
	long requests() {
		return this.samples.count() + this.failures;
	}

	Samples samples() {
		return this.samples;
	}

}
