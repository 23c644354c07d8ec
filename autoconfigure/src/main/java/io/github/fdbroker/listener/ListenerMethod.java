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

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A listener method that tells the delivery when all arguments are there. Until then,
 * whatever was made of its descriptors is still the delivery's.
 */
final class ListenerMethod extends InvocableHandlerMethod {

	private ListenerMethod(Object bean, Method method) {
		super(bean, method);
	}

	@Override
	public @Nullable Object invoke(Message<?> message, @Nullable Object... providedArgs) throws Exception {
		@Nullable Object[] arguments = getMethodArgumentValues(message, providedArgs);
		ReceivedHeaders.delivery(message.getHeaders()).handOver();
		return doInvoke(arguments);
	}

	/**
	 * Creates listener methods, with the resolvers that spring-messaging has by default.
	 */
	static final class Factory extends DefaultMessageHandlerMethodFactory {

		private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

		@Override
		protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
			List<HandlerMethodArgumentResolver> initialized = super.initArgumentResolvers();
			this.resolvers.addResolvers(initialized);
			return initialized;
		}

		@Override
		public InvocableHandlerMethod createInvocableHandlerMethod(Object bean, Method method) {
			ListenerMethod created = new ListenerMethod(bean, method);
			created.setMessageMethodArgumentResolvers(this.resolvers);
			return created;
		}

	}

}
