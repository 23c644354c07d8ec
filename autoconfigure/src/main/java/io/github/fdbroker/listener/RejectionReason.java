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

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;

/**
 * The reason why a connection was refused, or ended by this side.
 */
public enum RejectionReason {

	/** The peer is not allowed to connect or to send. */
	NOT_ALLOWED,

	/** The peer's user has the maximum number of connections. */
	CONNECTIONS_PER_USER,

	/** The input is not a valid message of the socket's format. */
	MALFORMED,

	/** A message, or the descriptors held for listener methods, exceeded a limit. */
	LIMIT_EXCEEDED,

	/** A message was not complete in time, or none was received. */
	TIMEOUT,

	/** The connection broke in the middle of a message. */
	BROKEN;

	/**
	 * Return the name of the reason for metrics and events.
	 * @return the name, such as {@code not-allowed}
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return the reason for an exception.
	 * @return the reason, {@code null} if the peer did not cause it
	 */
	static @Nullable RejectionReason of(FdException failure) {
		if (failure instanceof FdAccessDeniedException) {
			return NOT_ALLOWED;
		}
		if (failure instanceof FdProtocolException) {
			return MALFORMED;
		}
		if (failure instanceof FdLimitException) {
			return LIMIT_EXCEEDED;
		}
		if (failure instanceof FdTimeoutException) {
			return TIMEOUT;
		}
		return (failure instanceof FdConnectException) ? BROKEN : null;
	}

}
