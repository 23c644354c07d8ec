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

import io.github.fdbroker.OutgoingFdMessage;

/**
 * Surrounds sends and requests, for instance to observe them. Safe for use by several
 * threads.
 */
@FunctionalInterface
public interface SendAdvice {

	/**
	 * Begin to send.
	 * @param destination the receiver
	 * @param operation the operation, {@code send} or {@code request}
	 * @param message the message of the application
	 * @return what is sent
	 */
	Sending begin(Destination destination, String operation, OutgoingFdMessage message);

	/**
	 * A message that is being sent.
	 */
	interface Sending {

		/**
		 * Return the message to send.
		 * @return the message of the application, or one with further headers
		 */
		OutgoingFdMessage message();

		/**
		 * The message was sent, the request was replied to, or either failed. Called
		 * once, on any thread.
		 * @param failure the failure, or {@code null}
		 */
		void ended(@Nullable Throwable failure);

	}

}
