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
 * The sender of a message, as the kernel reports it.
 *
 * @param credentials the credentials of the process, or {@code null} where the transport
 * cannot receive those of a datagram
 * @param address the address that a datagram was sent from: a path, or an abstract name
 * that begins with {@code @}; {@code null} if the sender has no address, and on sockets
 * with connections
 */
public record FdSender(@Nullable PeerCredentials credentials, @Nullable String address) {

	/**
	 * Create the sender of the messages of a connection.
	 * @param credentials the credentials of the process
	 * @return the sender
	 */
	public static FdSender connected(PeerCredentials credentials) {
		return new FdSender(credentials, null);
	}

	@Override
	public String toString() {
		String process = (this.credentials != null) ? this.credentials.toString() : "an unknown process";
		return (this.address != null) ? process + " at " + this.address : process;
	}

}
