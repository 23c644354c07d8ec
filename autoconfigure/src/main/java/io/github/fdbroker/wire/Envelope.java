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

package io.github.fdbroker.wire;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.PeerCredentials;

/**
 * A received message with its kind, correlation and sender.
 *
 * @param kind the kind of message
 * @param correlation the number that a request and its reply share, 0 if there is none
 * @param message the message, whose payload is a {@code byte[]}
 * @param sender the sender, or {@code null} if the kernel does not report it
 */
public record Envelope(MessageKind kind, long correlation, FdMessage message, @Nullable PeerCredentials sender) {

	/**
	 * Create an envelope without a sender.
	 * @param kind the kind of message
	 * @param correlation the number that a request and its reply share, 0 if there is
	 * none
	 * @param message the message
	 */
	public Envelope(MessageKind kind, long correlation, FdMessage message) {
		this(kind, correlation, message, null);
	}

	/**
	 * Return the status of an error.
	 * @return a negative number, 0 if there is none
	 */
	public int errorStatus() {
		return errorStatus(this.message.headers());
	}

	/**
	 * Return an error as an exception, and close the message.
	 * @param peer the name of the peer that sent it
	 * @return the exception
	 */
	public FdRemoteException toException(String peer) {
		try (FdMessage error = this.message) {
			return new FdRemoteException(peer, error.headers().getOrDefault(FdHeaders.ERROR_TYPE, "an error"),
					errorStatus(), error.text());
		}
	}

	static int errorStatus(Map<String, String> headers) {
		try {
			return Math.min(0, Integer.parseInt(headers.getOrDefault(FdHeaders.ERROR_STATUS, "0")));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
