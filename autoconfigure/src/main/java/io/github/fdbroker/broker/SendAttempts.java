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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdTimeoutException;

/**
 * Remembers the failure of the latest send, so that the sends that waited behind it fail
 * at once instead of waiting for the same time again. Only the thread that sends may use
 * this object, except for {@link #count()}.
 */
final class SendAttempts {

	private @Nullable FdException lastFailure;

	private long failedAttempt;

	/** The number of sends that have begun. */
	private volatile long count;

	/**
	 * Return how many sends have begun. Any thread may call this.
	 */
	long count() {
		return this.count;
	}

	void begin() {
		this.count = this.count + 1;
	}

	void succeeded() {
		this.lastFailure = null;
	}

	void failed(FdException failure) {
		this.lastFailure = failure;
		this.failedAttempt = this.count;
	}

	/**
	 * Throw an exception if a later send has failed.
	 * @param before how many sends had begun
	 */
	void checkFailureSince(long before) {
		FdException failure = this.lastFailure;
		if (failure == null || this.failedAttempt <= before) {
			return;
		}
		String message = "Nothing was sent after another send failed: " + failure.getMessage();
		throw (failure instanceof FdTimeoutException) ? new FdTimeoutException(message, failure)
				: FdConnectException.nothingSent(message, failure);
	}

}
