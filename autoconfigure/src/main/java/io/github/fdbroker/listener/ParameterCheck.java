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

import java.util.Set;
import java.util.stream.Stream;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.convert.FdConverters;

/**
 * Rejects parameters of listener methods that cannot be resolved from any message.
 */
final class ParameterCheck {

	private static final Set<Class<?>> DELIVERED = Set.of(FdMessage.class, FdSender.class, PeerCredentials.class);

	private final FdConverters converters;

	private final boolean textOnly;

	ParameterCheck(FdConverters converters, MessageConverter messageConverter) {
		this.converters = converters;
		this.textOnly = messageConverter instanceof CompositeMessageConverter composite
				&& composite.getConverters().stream().allMatch(ParameterCheck::isForText);
	}

	/**
	 * Check a parameter that is not for descriptors.
	 * @throws IllegalArgumentException if it cannot be resolved
	 */
	void check(SpringArgument argument) {
		MethodParameter parameter = argument.parameter();
		Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
		Assert.isTrue(!parameter.hasParameterAnnotation(Fd.class), "it has @Fd, but descriptors do not convert to it");
		Assert.isTrue(!AutoCloseable.class.isAssignableFrom(type) || parameter.hasParameterAnnotation(Payload.class),
				"neither descriptors nor a payload can be converted to it");
		if (argument.isPayload()) {
			checkElements(ResolvableType.forMethodParameter(parameter));
			Assert.isTrue(!this.textOnly || type.isAssignableFrom(byte[].class) || type == String.class,
					"no message converter reads it; for JSON add spring-boot-starter-jackson to the class path");
		}
	}

	/**
	 * Arrays, lists, maps and optionals of descriptors are not passed to this check.
	 */
	private void checkElements(ResolvableType type) {
		Stream<ResolvableType> elements = type.isArray() ? Stream.of(type.getComponentType())
				: Stream.of(type.getGenerics());
		elements.forEach((element) -> {
			Class<?> elementType = element.toClass();
			Assert.isTrue(elementType == Object.class || !this.converters.supports(elementType),
					"only an array, a List, a Collection or a Map<String, ...> can hold several descriptors");
			Assert.isTrue(!DELIVERED.contains(elementType), "it is not optional, and there is only one");
			checkElements(element);
		});
	}

	private static boolean isForText(MessageConverter converter) {
		return converter instanceof ByteArrayMessageConverter || converter instanceof StringMessageConverter;
	}

}
