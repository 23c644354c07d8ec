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

package io.github.fdbroker.web.takeover;

import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * A listening socket that this process opens with its server, and keeps open for the next
 * process. Safe for use by several threads.
 */
final class BoundSocket {

	private final Supplier<PassedSocket> opener;

	private @Nullable PassedSocket open;

	/**
	 * Create a socket, which is not open yet.
	 * @param opener opens it
	 */
	BoundSocket(Supplier<PassedSocket> opener) {
		this.opener = opener;
	}

	/**
	 * Open a channel of the socket, which the caller has to close.
	 */
	synchronized ServerSocketChannel channel() {
		if (this.open == null) {
			this.open = this.opener.get();
		}
		// Closing it does nothing after a channel has taken it.
		try (OwnedFd duplicate = this.open.descriptor().dup()) {
			return duplicate.into(ServerSocketChannel.class);
		}
	}

	/**
	 * Duplicate the socket.
	 * @return the duplicate, which the caller has to close; none if the socket is not
	 * open
	 */
	synchronized List<PassedSocket> duplicates() {
		return (this.open != null) ? List.of(new PassedSocket(this.open.name(), this.open.descriptor().dup()))
				: List.of();
	}

	synchronized void close() {
		if (this.open != null) {
			this.open.descriptor().close();
			this.open = null;
		}
	}

}
