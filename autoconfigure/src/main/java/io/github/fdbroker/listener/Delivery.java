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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.convert.FdSources;

/**
 * A message on its way through a handler, with what was made of its descriptors. Closing
 * it closes whatever of that the handler did not take. For use by one thread at a time.
 */
final class Delivery implements AutoCloseable {

	private final FdMessage message;

	private final FdSender sender;

	private final List<Object> converted = new ArrayList<>(0);

	private final List<Object> kept = new ArrayList<>(0);

	private @Nullable Message<?> springMessage;

	private @Nullable Throwable failure;

	Delivery(FdMessage message, FdSender sender) {
		this.message = message;
		this.sender = sender;
	}

	FdMessage message() {
		return this.message;
	}

	FdSender sender() {
		return this.sender;
	}

	PeerCredentials credentials() {
		PeerCredentials credentials = this.sender.credentials();
		Assert.state(credentials != null, "The kernel was not asked for the sender of the message");
		return credentials;
	}

	/**
	 * The handler has failed, and arguments for what handles that are resolved next.
	 */
	void failed(Throwable failure) {
		this.failure = failure;
	}

	/**
	 * Return the failure of the handler, or the cause of it that is of a type.
	 */
	@Nullable Throwable failure(Class<?> type) {
		Throwable result = this.failure;
		while (result != null && !type.isInstance(result)) {
			result = result.getCause();
		}
		return result;
	}

	/**
	 * Return the message as spring-messaging sees it.
	 */
	Message<?> springMessage() {
		Message<?> result = this.springMessage;
		if (result == null) {
			result = new GenericMessage<>(this.message.payload(), new ReceivedHeaders(this.message, this.sender));
			this.springMessage = result;
		}
		return result;
	}

	/**
	 * Turn a descriptor into an argument.
	 * @param keep whether the method keeps it
	 */
	<T> T give(OwnedFd descriptor, Class<T> type, boolean keep) {
		if (type == OwnedFd.class && !keep) {
			return type.cast(descriptor);
		}
		T result = descriptor.into(type);
		(keep ? this.kept : this.converted).add(result);
		return result;
	}

	/**
	 * The method is called with all its arguments, and owns what it keeps.
	 */
	void handOver() {
		this.kept.clear();
	}

	@Override
	public void close() {
		this.kept.forEach(FdSources::close);
		this.converted.forEach(FdSources::close);
		this.message.close();
	}

}
