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

package io.github.fdbroker;

import org.jspecify.annotations.Nullable;

/**
 * A peer could not be reached, or its connection broke before the work was done.
 */
public final class FdConnectException extends FdException {

	private final boolean nothingSent;

	/**
	 * Create an exception.
	 * @param message what happened, where, and what to do about it
	 */
	public FdConnectException(String message) {
		this(message, null);
	}

	/**
	 * Create an exception.
	 * @param message what happened, where, and what to do about it
	 * @param cause what caused it
	 */
	public FdConnectException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	private FdConnectException(String message, @Nullable Throwable cause, boolean nothingSent) {
		super(message, cause);
		this.nothingSent = nothingSent;
	}

	/**
	 * Create the exception for a connection that broke before any of the message was
	 * sent.
	 * @param message what happened, where, and what to do about it
	 * @param cause what caused it
	 * @return the exception
	 */
	public static FdConnectException nothingSent(String message, @Nullable Throwable cause) {
		return new FdConnectException(message, cause, true);
	}

	/**
	 * Whether it is certain that the peer got nothing of the message, so that it can be
	 * sent again on another connection.
	 * @return {@code true} if so
	 */
	public boolean isNothingSent() {
		return this.nothingSent;
	}

}
