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

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.convert.TextMessageConverter;

/**
 * The argument for a parameter that takes the payload as bytes or as text. A payload that
 * is not empty and has no headers is converted without spring-messaging, which is faster.
 *
 * @param otherwise resolves all other payloads
 * @param text whether the parameter takes text
 */
record PayloadArgument(SpringArgument otherwise, boolean text) implements Argument {

	/**
	 * Return the fastest argument for a parameter.
	 * @param converter converts payloads to objects
	 */
	static Argument of(SpringArgument argument, MessageConverter converter) {
		MethodParameter parameter = argument.parameter();
		Class<?> type = parameter.getParameterType();
		boolean known = type == byte[].class || type == String.class && isBuiltIn(converter);
		boolean plain = argument.isPayload() && !SpringResolvers.isValidated(parameter) && !hasExpression(parameter);
		return (known && plain) ? new PayloadArgument(argument, type == String.class) : argument;
	}

	private static boolean hasExpression(MethodParameter parameter) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		return annotation != null && !(annotation.value() + annotation.expression()).isEmpty();
	}

	/**
	 * Whether the first converter that reads text is the one of this library.
	 */
	private static boolean isBuiltIn(MessageConverter converter) {
		return converter instanceof CompositeMessageConverter composite && composite.getConverters()
			.stream()
			.dropWhile((first) -> first.getClass() == ByteArrayMessageConverter.class)
			.findFirst()
			.filter(TextMessageConverter.class::isInstance)
			.isPresent();
	}

	@Override
	public @Nullable Object resolve(Delivery delivery) throws Exception {
		FdMessage message = delivery.message();
		if (message.payload().length == 0 || !message.headers().isEmpty()) {
			return this.otherwise.resolve(delivery);
		}
		return this.text ? message.text() : message.payload();
	}

}
