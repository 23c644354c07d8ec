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

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.UnixAddress;

/**
 * Who sent a message.
 *
 * @param credentials what the kernel says, {@code null} where it cannot be asked
 * @param address where a datagram came from, {@code null} if its sender has no address
 */
record Sender(@Nullable PeerCredentials credentials, @Nullable UnixAddress address) {

	static Sender connected(PeerCredentials credentials) {
		return new Sender(credentials, null);
	}

	@Override
	public String toString() {
		String who = (this.credentials != null) ? this.credentials.toString() : "an unknown process";
		return (this.address != null) ? who + " at " + this.address : who;
	}

}
