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
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Distinguishes asynchronous return values of a method from results.
 */
final class AsyncResults {

	private static final boolean REACTIVE = ClassUtils.isPresent("org.reactivestreams.Publisher",
			AsyncResults.class.getClassLoader());

	private AsyncResults() {
	}

	/**
	 * Return a future for the first value of a future or a publisher.
	 * @return the future, or {@code null} if the returned value is the result itself
	 */
	@SuppressWarnings("unchecked")
	static @Nullable CompletableFuture<@Nullable Object> future(@Nullable Object returned) {
		if (returned instanceof CompletionStage<?> stage) {
			return (CompletableFuture<@Nullable Object>) stage.toCompletableFuture();
		}
		ReactiveAdapter adapter = (REACTIVE && returned != null)
				? ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, returned) : null;
		return (adapter != null) ? FirstValue.of(adapter.toPublisher(returned)) : null;
	}

	/**
	 * Waits for the first value of a publisher.
	 */
	private static final class FirstValue implements Subscriber<Object> {

		private final CompletableFuture<@Nullable Object> future = new CompletableFuture<>();

		static CompletableFuture<@Nullable Object> of(Publisher<Object> publisher) {
			FirstValue first = new FirstValue();
			publisher.subscribe(first);
			return first.future;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			// Cancelling the future also cancels the publisher.
			this.future.whenComplete((value, failure) -> subscription.cancel());
			subscription.request(1);
		}

		@Override
		public void onNext(Object value) {
			this.future.complete(value);
		}

		@Override
		public void onError(Throwable failure) {
			this.future.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.future.complete(null);
		}

	}

}
