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

package io.github.fdbroker.broker;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * A request that waits for a thread, and then for its reply. It keeps its borrowed
 * descriptors until it is sent or failed.
 */
public final class AsyncRequest extends CompletableFuture<FdMessage> implements Runnable {

	private final OutgoingMessage message;

	private final Function<OutgoingMessage, FdMessage> exchange;

	AsyncRequest(OutgoingMessage message, Function<OutgoingMessage, FdMessage> exchange) {
		this.message = message;
		this.exchange = exchange;
	}

	@Override
	public void run() {
		if (isDone()) {
			this.message.close();
			return;
		}
		FdMessage reply;
		try (this.message) {
			reply = this.exchange.apply(this.message);
		}
		catch (Throwable ex) {
			completeExceptionally(ex);
			return;
		}
		if (!complete(reply)) {
			reply.close();
		}
	}

	/**
	 * Fail a request that was not sent.
	 */
	void fail(Throwable failure) {
		this.message.close();
		completeExceptionally(failure);
	}

}
