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
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.security.PeerLog.Kind;
import io.github.fdbroker.system.PrintableText;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * Calls the handler for a message, sends its reply, and closes the descriptors that it
 * did not detach.
 */
final class FdListenerAdapter {

	private final Routes routes;

	private final FdListenerErrorHandler errorHandler;

	private final PeerLog log;

	private final @Nullable CallAdvice advice;

	FdListenerAdapter(Routes routes, FdListenerErrorHandler errorHandler, PeerLog log, @Nullable CallAdvice advice) {
		this.advice = advice;
		this.routes = routes;
		this.errorHandler = errorHandler;
		this.log = log;
	}

	/**
	 * Return whether the handler takes or needs descriptors.
	 */
	DescriptorDemand demand() {
		return this.routes.demand();
	}

	/**
	 * Call the handler.
	 * @param delivery the message, which is closed when the handler, or the future that
	 * it returned, is done
	 * @param reply sends the reply, before the message is closed
	 * @param finisher runs the tasks that send asynchronous replies
	 * @return the call, or {@code null} if it is done
	 */
	@Nullable ListenerCall call(Delivery delivery, Reply reply, Executor finisher) {
		CompletableFuture<@Nullable Object> result;
		try {
			Object value = handle(delivery);
			result = AsyncResults.future(value);
			if (result == null) {
				finish(delivery, value, null, reply);
				return null;
			}
		}
		catch (Throwable ex) {
			finish(delivery, null, ex, reply);
			return null;
		}
		Executor executor = result.isDone() ? Runnable::run : finisher;
		return new ListenerCall(result,
				result.exceptionallyComposeAsync((failure) -> recovered(delivery, failure), executor)
					.handleAsync((value, failure) -> finish(delivery, value, failure, reply), executor));
	}

	private @Nullable Object handle(Delivery delivery) throws Throwable {
		if (this.advice == null) {
			return handleOrRecover(delivery);
		}
		CallAdvice.Call call = this.advice.begin(this.routes.settings().group(), this.routes.names(delivery.message()),
				delivery.incoming());
		if (call == null) {
			return handleOrRecover(delivery);
		}
		delivery.advisedBy(call);
		try {
			return handleOrRecover(delivery);
		}
		finally {
			call.returned();
		}
	}

	private @Nullable Object handleOrRecover(Delivery delivery) throws Throwable {
		try {
			return this.routes.handle(delivery);
		}
		catch (Throwable ex) {
			return recover(delivery, ex);
		}
	}

	private CompletableFuture<@Nullable Object> recovered(Delivery delivery, Throwable failure) {
		try {
			Object value = recover(delivery, cause(failure));
			CompletableFuture<@Nullable Object> future = AsyncResults.future(value);
			if (future != null) {
				return future;
			}
			return CompletableFuture.completedFuture(value);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private @Nullable Object recover(Delivery delivery, Throwable failure) throws Throwable {
		try {
			return this.routes.recover(delivery, failure);
		}
		catch (Throwable ex) {
			warn(Kind.LISTENER, delivery.sender(), "Listener %s failed on a message for %s from %s"
				.formatted(this.routes.names(delivery.message()), this.routes.label(), delivery.sender()), ex);
			return this.errorHandler.handle(ex, delivery.message(), delivery.sender());
		}
	}

	private @Nullable Void finish(Delivery delivery, @Nullable Object value, @Nullable Throwable failure, Reply reply) {
		Throwable ended = (failure != null) ? cause(failure) : null;
		try (delivery) {
			reply.send(value, ended);
		}
		catch (Throwable ex) {
			ended = ex;
			warn(Kind.REPLY, delivery.sender(),
					"The reply of listener %s to %s was not sent".formatted(this.routes, delivery.sender()), ex);
		}
		ended(delivery, ended);
		return null;
	}

	private void ended(Delivery delivery, @Nullable Throwable failure) {
		try {
			delivery.ended(failure);
		}
		catch (RuntimeException ex) {
			warn(Kind.LISTENER, delivery.sender(), "The end of a call of %s was not observed".formatted(this.routes),
					ex);
		}
	}

	private void warn(Kind kind, FdSender sender, String message, Throwable failure) {
		PeerCredentials peer = sender.credentials();
		this.log.add(kind, (peer != null) ? "uid " + peer.uid() : null,
				PrintableText.escape(message + ": " + failure.getClass().getSimpleName() + ": " + failure.getMessage()),
				failure);
	}

	private static Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * Sends the reply of a handler.
	 */
	interface Reply {

		/**
		 * Send the result or the failure of a handler.
		 * @param value the result, or {@code null} if there is none
		 * @param failure the failure, or {@code null}
		 */
		default void send(@Nullable Object value, @Nullable Throwable failure) {
			if (failure != null) {
				fail(failure);
			}
			else {
				succeed(value);
			}
		}

		/**
		 * Send the result of a handler.
		 * @param value the result, or {@code null} if there is none
		 */
		void succeed(@Nullable Object value);

		/**
		 * Report the failure of a handler.
		 * @param failure the failure to report to the requester
		 */
		void fail(Throwable failure);

	}

}
