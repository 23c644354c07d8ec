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
import java.net.SocketTimeoutException;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.system.Errno;

/**
 * Explains why a message was not sent.
 */
final class SendFailure {

	/** What is to be added where a peer has closed a connection without a word. */
	static final String REFUSED = "; the peer may have refused a message: see its log, max-message-size, "
			+ "max-descriptors and format";

	private SendFailure() {
	}

	static void checkDescriptors(int count, int max) {
		if (count > max) {
			throw new FdLimitException(
					"A message with %d descriptors cannot be sent: the system passes %d at most".formatted(count, max));
		}
	}

	/**
	 * Explain why the kernel accepted nothing of a message.
	 * @param where what was tried
	 * @param length how many bytes the message has
	 */
	static FdException explain(String where, IOException ex, int length) {
		return switch (Errno.of(ex)) {
			case Errno.ETOOMANYREFS ->
				new FdLimitException(where + ": the user of this process has more descriptors on their way than its "
						+ "RLIMIT_NOFILE allows (ETOOMANYREFS); try again once receivers have taken some", ex);
			case Errno.ENOBUFS, Errno.ENOMEM -> new FdLimitException(
					where + ": the system has no memory for a message at present, try again: " + ex.getMessage(), ex);
			case Errno.EPERM -> new FdAccessDeniedException(where
					+ ": the peer takes no descriptors of this process yet (SO_PASSRIGHTS), or a security module forbids "
					+ "it: " + ex.getMessage(), ex);
			case Errno.EMSGSIZE -> new FdLimitException(where + ": a message of " + length
					+ " bytes is longer than the system sends at once (EMSGSIZE); send less, put it into a file and "
					+ "pass that, or raise net.core.wmem_default", ex);
			default ->
				(ex instanceof SocketTimeoutException) ? new FdTimeoutException(where + ": " + ex.getMessage(), ex)
						: FdConnectException.nothingSent(where + ": " + ex.getMessage(), ex);
		};
	}

}
