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
 * Decides what a requester receives when a listener method or an {@link FdMessageHandler}
 * has failed. A bean of this type is called after the {@code @MessageExceptionHandler}
 * methods of the listener's own bean, with what these did not handle. Without one, the
 * error has the class name of the exception and its message, subject to
 * {@code fdbroker.listener.error-details}.
 * <p>
 * Has to be safe for use by several threads.
 */
@FunctionalInterface
public interface FdListenerErrorHandler {

	/**
	 * Handle a failure.
	 * @param failure what was thrown, or what the future or publisher failed with
	 * @param message the message, which is closed afterwards; some of its descriptors may
	 * have been taken already
	 * @param sender the sender of the message
	 * @return the reply, as of an {@link FdMessageHandler}
	 * @throws Throwable the exception whose class name and message the requester
	 * receives, which may be the failure itself; it is not logged
	 */
	@Nullable Object handle(Throwable failure, FdMessage message, FdSender sender) throws Throwable;

}
