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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * Handles a message together with the objects created from its descriptors.
 */
interface DeliveryHandler {

	/**
	 * Return whether the handler takes or needs descriptors.
	 */
	DescriptorDemand demand();

	/**
	 * Whether the handler cannot be called without the credentials of the sender.
	 */
	default boolean needsCredentials() {
		return false;
	}

	/**
	 * Whether the handler selects descriptors by their names.
	 */
	default boolean needsNames() {
		return false;
	}

	/**
	 * Handle a message.
	 * @return the reply, as an {@link FdMessageHandler} returns it
	 */
	@Nullable Object handle(Delivery delivery) throws Exception;

	/**
	 * Handle a failure of this handler.
	 * @return the reply
	 * @throws Throwable the failure itself, if this handler does not handle it
	 */
	default @Nullable Object recover(Delivery delivery, Throwable failure) throws Throwable {
		throw failure;
	}

}
