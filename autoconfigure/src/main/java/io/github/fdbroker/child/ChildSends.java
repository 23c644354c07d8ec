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

package io.github.fdbroker.child;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.broker.SendChannel;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.Traffic;

/**
 * The sending half of the connection to a child. The receiving half closes the
 * connection.
 */
final class ChildSends implements SendChannel {

	private final MessageConnection connection;

	private final Traffic traffic;

	/** Why the connection ended. */
	private volatile @Nullable FdConnectException end;

	ChildSends(MessageConnection connection, Traffic traffic) {
		this.connection = connection;
		this.traffic = traffic;
	}

	/**
	 * Send nothing more.
	 */
	void end(FdConnectException reason) {
		this.end = reason;
	}

	@Override
	public void send(List<OutgoingMessage> messages) {
		FdConnectException reason = this.end;
		if (reason != null) {
			throw FdConnectException.nothingSent(String.valueOf(reason.getMessage()), reason);
		}
		this.connection.send(messages);
		this.traffic.sent(messages);
	}

	@Override
	public boolean isConnected() {
		return this.end == null;
	}

	@Override
	public boolean isUnreachable() {
		return this.end != null;
	}

	@Override
	public void shutdown() {
		this.connection.shutdown();
	}

	@Override
	public void close() {
		shutdown();
	}

}
