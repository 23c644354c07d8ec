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

import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * Calls a listener method with a message, and finds out what it replies.
 */
final class FdListenerAdapter {

	private static final Log logger = LogFactory.getLog(FdListenerAdapter.class);

	private final FdListenerEndpoint endpoint;

	private final InvocableHandlerMethod method;

	private final DescriptorDemand recipient;

	private final AsyncResults asyncResults;

	FdListenerAdapter(FdListenerEndpoint endpoint, InvocableHandlerMethod method, DescriptorDemand recipient,
			AsyncResults asyncResults) {
		this.endpoint = endpoint;
		this.method = method;
		this.recipient = recipient;
		this.asyncResults = asyncResults;
	}

	FdListenerEndpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Return what the method takes.
	 */
	DescriptorDemand recipient() {
		return this.recipient;
	}

	/**
	 * Call the method.
	 * @param message the message, which is closed when the method, or what it goes on
	 * with, is done
	 * @param reply what to do with the reply before the message is closed
	 * @return what the call goes on with, or {@code null} if it is done
	 */
	@Nullable ListenerCall call(FdMessage message, FdSender sender, Reply reply) {
		Delivery delivery = new Delivery(message, sender);
		CompletableFuture<?> result;
		try {
			Object value = invoke(delivery);
			result = this.asyncResults.future(value);
			if (result == null) {
				finish(delivery, value, null, reply);
				return null;
			}
		}
		catch (Throwable ex) {
			finish(delivery, null, ex, reply);
			return null;
		}
		return new ListenerCall(result, result.handle((value, failure) -> {
			finish(delivery, value, failure, reply);
			return null;
		}));
	}

	private @Nullable Object invoke(Delivery delivery) throws Exception {
		Message<?> message = new GenericMessage<>(delivery.message().payload(), new ReceivedHeaders(delivery));
		return this.method.invoke(message);
	}

	private void finish(Delivery delivery, @Nullable Object value, @Nullable Throwable failure, Reply reply) {
		try (delivery) {
			if (failure != null) {
				logger.error("Listener " + this.endpoint + " failed on a message for socket '" + this.endpoint.socket()
						+ "' from " + delivery.sender(), failure);
				reply.fail(failure);
			}
			else {
				reply.succeed(value);
			}
		}
		catch (Throwable ex) {
			logger.error("The reply of listener " + this.endpoint + " to " + delivery.sender() + " was not sent", ex);
		}
	}

	/**
	 * What to do with a reply.
	 */
	interface Reply {

		/**
		 * The method returned something.
		 * @param value what it returned, {@code null} for nothing
		 */
		void succeed(@Nullable Object value);

		/**
		 * The method, or the resolution of its arguments, threw something.
		 * @param failure what it threw
		 */
		void fail(Throwable failure);

	}

}
