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
import java.util.concurrent.Executor;

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
 * A message that is delivered to a handler, with the objects created from its
 * descriptors. Closing it closes all descriptors and objects that the handler did not
 * detach. For use by one thread at a time.
 */
final class Delivery implements AutoCloseable {

	private final FdMessage message;

	private final FdSender sender;

	private final boolean isRequest;

	private final Executor closer;

	private List<Object> converted = List.of();

	private List<Object> kept = List.of();

	private @Nullable Message<?> springMessage;

	private @Nullable Throwable failure;

	private CallAdvice.@Nullable Call call;

	/**
	 * Create an instance.
	 * @param message the message, which this object owns
	 * @param sender the sender
	 * @param isRequest whether the sender waits for a reply
	 * @param closer closes the objects that were created from descriptors; closing them
	 * may block
	 */
	Delivery(FdMessage message, FdSender sender, boolean isRequest, Executor closer) {
		this.message = message;
		this.sender = sender;
		this.isRequest = isRequest;
		this.closer = closer;
	}

	FdMessage message() {
		return this.message;
	}

	FdSender sender() {
		return this.sender;
	}

	CallAdvice.Incoming incoming() {
		return new CallAdvice.Incoming(this.message, this.sender, this.isRequest);
	}

	PeerCredentials credentials() {
		PeerCredentials credentials = this.sender.credentials();
		Assert.state(credentials != null, "The credentials of the sender are not known");
		return credentials;
	}

	/**
	 * Set the advice of the call.
	 */
	void advisedBy(CallAdvice.Call call) {
		this.call = call;
	}

	/**
	 * Report that the reply was sent or failed.
	 */
	void ended(@Nullable Throwable failure) {
		if (this.call != null) {
			this.call.ended(failure);
		}
	}

	/**
	 * Record the failure of the handler, for the arguments of an exception handler
	 * method.
	 */
	void failed(Throwable failure) {
		this.failure = failure;
	}

	/**
	 * Return the failure of the handler, or the first of its causes that has a type.
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
	 * Convert a descriptor to an argument.
	 * @param keep whether the method keeps it
	 */
	<T> T convert(OwnedFd descriptor, Class<T> type, boolean keep) {
		if (type == OwnedFd.class && !keep) {
			return type.cast(descriptor);
		}
		T result = descriptor.into(type);
		if (keep) {
			this.kept = with(this.kept, result);
		}
		else {
			this.converted = with(this.converted, result);
		}
		return result;
	}

	/**
	 * Most messages have one object at most.
	 */
	private static List<Object> with(List<Object> objects, Object added) {
		if (objects.isEmpty()) {
			return List.of(added);
		}
		List<Object> all = (objects.size() == 1) ? new ArrayList<>(objects) : objects;
		all.add(added);
		return all;
	}

	/**
	 * Detach the arguments that the method keeps and owns from now on.
	 */
	void detachKept() {
		this.kept = List.of();
	}

	@Override
	public void close() {
		if (this.kept.isEmpty() && this.converted.isEmpty()) {
			this.message.close();
		}
		else {
			this.closer.execute(this::closeAll);
		}
	}

	private void closeAll() {
		this.kept.forEach(FdSources::close);
		this.converted.forEach(FdSources::close);
		this.message.close();
	}

}
