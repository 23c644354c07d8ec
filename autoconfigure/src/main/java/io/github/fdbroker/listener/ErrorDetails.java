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

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;

/**
 * The details of a listener's exception that are sent to the requester.
 */
public enum ErrorDetails implements FdListenerErrorHandler {

	/**
	 * The class name and the message of the exception.
	 */
	ALWAYS {

		@Override
		public Object handle(Throwable failure, FdMessage message, FdSender sender) throws Throwable {
			throw failure;
		}

	},

	/**
	 * No details: the reply states only that the listener failed.
	 */
	NEVER {

		@Override
		public Object handle(Throwable failure, FdMessage message, FdSender sender) {
			throw new FdException("The listener failed");
		}

	}

}
