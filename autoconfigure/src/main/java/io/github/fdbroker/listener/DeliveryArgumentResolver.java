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

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.PeerCredentials;

/**
 * Resolves parameters for the message as a whole, and for who sent it.
 */
final class DeliveryArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == FdMessage.class || parameter.getParameterType() == PeerCredentials.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Delivery delivery = ReceivedHeaders.delivery(message.getHeaders());
		if (parameter.getParameterType() == FdMessage.class) {
			return delivery.message();
		}
		PeerCredentials credentials = delivery.sender().credentials();
		Assert.state(credentials != null, "The kernel was not asked who sent the message");
		return credentials;
	}

}
