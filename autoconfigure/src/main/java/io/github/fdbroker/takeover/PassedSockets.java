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

package io.github.fdbroker.takeover;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * The listening sockets that the old process has passed, until somebody claims them. Safe
 * for use by several threads.
 */
public final class PassedSockets implements Closeable {

	/** Guarded by this object. */
	private final List<PassedSocket> sockets;

	/**
	 * Create an object with sockets.
	 * @param sockets the sockets, which belong to this object from then on
	 */
	public PassedSockets(List<PassedSocket> sockets) {
		this.sockets = new ArrayList<>(sockets);
	}

	/**
	 * Take the sockets of a name.
	 * @param name the name
	 * @return the sockets, which the caller has to close; empty if the old process has
	 * none
	 */
	public synchronized List<OwnedFd> claim(String name) {
		List<OwnedFd> claimed = new ArrayList<>();
		for (Iterator<PassedSocket> each = this.sockets.iterator(); each.hasNext();) {
			PassedSocket socket = each.next();
			if (socket.name().equals(name)) {
				each.remove();
				claimed.add(socket.descriptor());
			}
		}
		return claimed;
	}

	/**
	 * Fail if there is a socket that nobody has claimed: its clients would find it
	 * closed.
	 * @throws FdConfigurationException if so
	 */
	synchronized void requireAllClaimed(OtherProcess old) {
		if (!this.sockets.isEmpty()) {
			throw new FdConfigurationException(
					"%s serves sockets that this process is not configured for: %s".formatted(old,
							this.sockets.stream().map(PassedSocket::name).toList()),
					"Stop the old process and start this one, or configure the sockets");
		}
	}

	@Override
	public synchronized void close() {
		this.sockets.forEach((socket) -> socket.descriptor().close());
		this.sockets.clear();
	}

}
