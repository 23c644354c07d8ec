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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;

/**
 * A call on a connection that another process makes, and how its result travels.
 */
enum RelayedCall {

	/** Send a request and receive the reply. */
	REQUEST {

		@Override
		FdTestResult on(TestConnection connection, FdMessage message) {
			return connection.request(outgoing(message));
		}

	},

	/** Send a message. */
	SEND {

		@Override
		FdTestResult on(TestConnection connection, FdMessage message) {
			try {
				connection.send(outgoing(message));
				return new FdTestResult(null, null, null);
			}
			catch (FdException ex) {
				return new FdTestResult(null, ex, null);
			}
		}

	},

	/** Receive a message. */
	RECEIVE {

		@Override
		FdTestResult on(TestConnection connection, FdMessage message) {
			return connection.receive(Duration.ofMillis(Long.parseLong(message.headers().get(TIMEOUT))));
		}

	};

	/** The header that contains the name of the call. */
	static final String CALL = "fdtest-call";

	/** The header that contains how long to wait, in milliseconds. */
	static final String TIMEOUT = "fdtest-timeout";

	private static final String FAILURE = "fdtest-failure";

	private static final String END = "fdtest-end";

	private static final String TYPE = "fdtest-type";

	abstract FdTestResult on(TestConnection connection, FdMessage message);

	/**
	 * Make a call that was received, and return its result as a message.
	 */
	static OutgoingFdMessage make(TestConnection connection, FdMessage message) {
		FdTestResult result = valueOf(message.headers().getOrDefault(CALL, "")).on(connection, message);
		if (result.failure() != null) {
			return failure(result.failure());
		}
		return result.isEnd() ? OutgoingFdMessage.builder().header(END, true).build()
				: OutgoingFdMessage.forward(result.message());
	}

	/**
	 * Return the result that was received as a message.
	 */
	static FdTestResult result(FdMessage message) {
		if (message.headers().containsKey(FAILURE)) {
			return new FdTestResult(null, failure(message), null);
		}
		return message.headers().containsKey(END) ? new FdTestResult(null, null, null)
				: new FdTestResult(message, null, null);
	}

	private static OutgoingFdMessage outgoing(FdMessage message) {
		Map<String, String> headers = new HashMap<>(message.headers());
		headers.remove(CALL);
		OutgoingFdMessage forwarded = OutgoingFdMessage.forward(message);
		OutgoingFdMessage.Builder builder = OutgoingFdMessage.builder().payload(forwarded.payload()).headers(headers);
		forwarded.attachments().forEach((attachment) -> add(builder, attachment.name(), attachment.source()));
		return builder.build();
	}

	private static void add(OutgoingFdMessage.Builder builder, @Nullable String name, Object source) {
		if (name != null) {
			builder.descriptor(name, source);
		}
		else {
			builder.descriptor(source);
		}
	}

	private static OutgoingFdMessage failure(FdException failure) {
		OutgoingFdMessage.Builder builder = OutgoingFdMessage.builder()
			.header(FAILURE, failure.getClass().getSimpleName());
		if (failure instanceof FdRemoteException remote) {
			builder.header(TYPE, remote.getType()).header(FdHeaders.ERROR_STATUS, remote.getStatus());
			return builder.payload(remote.getText()).build();
		}
		return builder.payload(String.valueOf(failure.getMessage())).build();
	}

	private static FdException failure(FdMessage message) {
		String text = message.text();
		return switch (message.headers().getOrDefault(FAILURE, "")) {
			case "FdRemoteException" -> new FdRemoteException("server", message.headers().getOrDefault(TYPE, ""),
					Integer.parseInt(message.headers().getOrDefault(FdHeaders.ERROR_STATUS, "0")), text);
			case "FdConnectException" -> new FdConnectException(text);
			case "FdTimeoutException" -> new FdTimeoutException(text);
			case "FdLimitException" -> new FdLimitException(text);
			case "FdProtocolException" -> new FdProtocolException(text);
			case "FdConversionException" -> new FdConversionException(text);
			case "FdAccessDeniedException" -> new FdAccessDeniedException(text);
			default -> new FdException(text);
		};
	}

}
