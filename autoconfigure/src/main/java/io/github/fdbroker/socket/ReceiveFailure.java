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

package io.github.fdbroker.socket;

import java.io.IOException;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.system.Errno;

/**
 * Explains why nothing was received.
 */
final class ReceiveFailure {

	/**
	 * Explain a failure.
	 * @param socket the description of the socket
	 */
	FdException explain(String socket, IOException ex) {
		if (ex instanceof TruncatedControlDataException) {
			return new FdProtocolException(socket + ": " + ex.getMessage(), ex);
		}
		String hint = (Errno.of(ex) == Errno.ECONNRESET) ? SendFailure.REFUSED : "";
		return new FdConnectException(socket + " broke: " + ex.getMessage() + hint, ex);
	}

}
