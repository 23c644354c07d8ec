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

package io.github.fdbroker;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.GenericMessage;

/**
 * A type with type arguments as message converters take it: they look for it in the
 * parameter of a method.
 */
final class PayloadType extends MethodParameter {

	private static final Method METHOD = Object.class.getMethods()[0];

	private final ResolvableType type;

	PayloadType(Type type) {
		super(METHOD, -1);
		this.type = ResolvableType.forType(type);
	}

	/**
	 * Read the payload of a message as this type.
	 */
	Object read(FdMessage message, MessageConverter converter) {
		Class<?> target = getParameterType();
		if (target == byte[].class) {
			return message.payload();
		}
		Message<?> encoded = new GenericMessage<>(message.payload(), new HashMap<>(message.headers()));
		try {
			Object payload = (converter instanceof SmartMessageConverter smart)
					? smart.fromMessage(encoded, target, this) : converter.fromMessage(encoded, target);
			if (payload != null) {
				return payload;
			}
		}
		catch (MessageConversionException ex) {
			throw new FdConversionException("The payload is no %s: %s".formatted(this.type, ex.getMessage()), ex);
		}
		throw new FdConversionException("No message converter reads a payload as " + this.type);
	}

	@Override
	public Class<?> getParameterType() {
		return this.type.toClass();
	}

	@Override
	public Type getGenericParameterType() {
		return this.type.getType();
	}

	@Override
	public Type getNestedGenericParameterType() {
		return this.type.getType();
	}

	@Override
	public MethodParameter nestedIfOptional() {
		return this;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PayloadType payload && this.type.equals(payload.type);
	}

	@Override
	public int hashCode() {
		return this.type.hashCode();
	}

}
