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

package io.github.fdbroker.convert;

import java.lang.reflect.Method;
import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

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
