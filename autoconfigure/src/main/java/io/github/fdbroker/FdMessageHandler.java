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
 * Handles the messages that a socket or a child receives. Methods annotated with
 * {@link io.github.fdbroker.annotation.FdListener @FdListener} are adapted to it.
 * <p>
 * Each connection is served by one thread, in order; several connections call the handler
 * at the same time, so it has to be safe for use by several threads.
 */
@FunctionalInterface
public interface FdMessageHandler {

	/**
	 * Handle a message.
	 * @param message the message; descriptors that were not taken are closed when this
	 * returns, or when the future or publisher that it returns completes
	 * @param sender the sender of the message
	 * @return the reply: a payload, an object that has a descriptor or a collection of
	 * such, an {@link OutgoingFdMessage}, a received message, or a future or publisher of
	 * one of these; {@code null} for an empty reply. Descriptors are given away, and
	 * closed once they were sent. The reply is dropped if the message is not a request
	 * @throws Exception if the message cannot be handled; the requester receives an error
	 */
	@Nullable Object handle(FdMessage message, FdSender sender) throws Exception;

}
