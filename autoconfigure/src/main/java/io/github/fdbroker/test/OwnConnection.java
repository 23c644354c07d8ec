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

package io.github.fdbroker.test;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.OutgoingFdMessage;

/**
 * A connection of this process.
 */
final class OwnConnection implements TestConnection {

	private final EmbeddedBroker broker;

	private @Nullable FdSession session;

	OwnConnection(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@Override
	public FdTestResult request(OutgoingFdMessage message) {
		return result(() -> session().request(message));
	}

	@Override
	public void send(OutgoingFdMessage message) {
		session().send(message);
	}

	@Override
	public FdTestResult receive(Duration timeout) {
		return result(() -> session().receive(timeout));
	}

	@Override
	public void close() {
		this.broker.close();
	}

	private FdSession session() {
		if (this.session == null) {
			this.session = this.broker.bean(FdBroker.class).connect(NAME);
		}
		return this.session;
	}

	private static FdTestResult result(Supplier<@Nullable FdMessage> call) {
		try {
			return new FdTestResult(call.get(), null, null);
		}
		catch (FdException ex) {
			return new FdTestResult(null, ex, null);
		}
	}

}
