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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.wire.Envelope;

/**
 * A process and the connection to it.
 */
final class StartedChild implements FdChild {

	private final Process process;

	private final ChildConnection connection;

	private final Messenger messenger;

	private final boolean handled;

	StartedChild(Process process, ChildConnection connection, Messenger messenger, boolean handled) {
		this.process = process;
		this.connection = connection;
		this.messenger = messenger;
		this.handled = handled;
	}

	@Override
	public Process process() {
		return this.process;
	}

	@Override
	public boolean isOpen() {
		return this.connection.isOpen();
	}

	@Override
	public MessageSpec message() {
		return this.messenger.to(this.connection);
	}

	@Override
	public @Nullable FdMessage receive() {
		return take(null);
	}

	@Override
	public @Nullable FdMessage receive(Duration timeout) {
		Assert.notNull(timeout, "'timeout' must not be null");
		return take(timeout);
	}

	@Override
	public void close() {
		this.connection.close();
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

	private @Nullable FdMessage take(@Nullable Duration timeout) {
		Assert.state(!this.handled, "The messages of this child are passed to its handler");
		Envelope envelope = this.connection.inbox().take(timeout);
		return (envelope != null) ? this.messenger.composer().handedOut(envelope.message()) : null;
	}

}
