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

package io.github.fdbroker.test;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;

/**
 * What a client or server received: a message, an error, or the end of the connection.
 * AssertJ's {@code assertThat} accepts it. The client or server owns it, and closes its
 * descriptors.
 */
public final class FdTestResult implements AssertProvider<FdTestResultAssert> {

	private final @Nullable FdMessage message;

	private final @Nullable FdException failure;

	private final @Nullable FdSender sender;

	FdTestResult(@Nullable FdMessage message, @Nullable FdException failure, @Nullable FdSender sender) {
		this.message = message;
		this.failure = failure;
		this.sender = sender;
	}

	/**
	 * Return the message.
	 * @return the message, which is closed with the client or server
	 * @throws AssertionError if it is an error or the end of the connection
	 */
	public FdMessage message() {
		if (this.message == null) {
			throw new AssertionError("Expected a message, but received " + this, this.failure);
		}
		return this.message;
	}

	/**
	 * Return why there is no message.
	 * @return the failure, or {@code null} for a message and for the end of the
	 * connection
	 */
	public @Nullable FdException failure() {
		return this.failure;
	}

	/**
	 * Return the sender of a message to a server.
	 * @return the sender, {@code null} for the results of clients
	 */
	public @Nullable FdSender sender() {
		return this.sender;
	}

	boolean isEnd() {
		return this.message == null && this.failure == null;
	}

	@Override
	public FdTestResultAssert assertThat() {
		return new FdTestResultAssert(this);
	}

	@Override
	public String toString() {
		if (this.message != null) {
			return "a message with the payload '%s', the headers %s and %d descriptors".formatted(this.message.text(),
					this.message.headers(), this.message.attachments().size());
		}
		return (this.failure != null) ? this.failure.toString() : "the end of the connection";
	}

	void close() {
		if (this.message != null) {
			this.message.close();
		}
	}

}
