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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.convert.FdConverters;

/**
 * A parameter that receives one or several descriptors.
 */
final class DescriptorParameter {

	private final MethodParameter parameter;

	private final @Nullable Fd annotation;

	private final Class<?> type;

	private final boolean required;

	DescriptorParameter(MethodParameter parameter) {
		this.parameter = parameter;
		this.annotation = parameter.getParameterAnnotation(Fd.class);
		this.type = findType();
		this.required = (this.annotation == null || this.annotation.required()) && !parameter.isOptional();
	}

	boolean isFor(FdConverters converters) {
		return converters.supports(type()) && !this.parameter.hasParameterAnnotation(Payload.class)
				&& !this.parameter.hasParameterAnnotation(Header.class);
	}

	/**
	 * Return the type of one descriptor.
	 */
	Class<?> type() {
		return this.type;
	}

	private Class<?> findType() {
		Class<?> declared = this.parameter.nestedIfOptional().getNestedParameterType();
		if (declared.isArray()) {
			return declared.getComponentType();
		}
		ResolvableType type = ResolvableType.forMethodParameter(this.parameter);
		if (isMap()) {
			return (type.getGeneric(0).toClass() == String.class) ? type.getGeneric(1).toClass() : declared;
		}
		return isList() ? type.getGeneric().toClass() : declared;
	}

	/**
	 * Return the argument for a value that may be {@code null}.
	 */
	@Nullable Object wrap(@Nullable Object value) {
		return (this.parameter.getParameterType() == Optional.class) ? Optional.ofNullable(value) : value;
	}

	boolean isForSeveral() {
		return isList() || isArray() || isMap();
	}

	/**
	 * Whether the parameter receives the descriptors by their names.
	 */
	boolean isMap() {
		return this.parameter.getParameterType() == Map.class;
	}

	boolean isArray() {
		return this.parameter.getParameterType().isArray();
	}

	private boolean isList() {
		return this.parameter.getParameterType() == List.class || this.parameter.getParameterType() == Collection.class;
	}

	int index() {
		return this.parameter.getParameterIndex();
	}

	@Nullable String name() {
		return (this.annotation != null && !this.annotation.value().isEmpty()) ? this.annotation.value() : null;
	}

	boolean isKept() {
		return this.annotation != null && this.annotation.keep();
	}

	boolean isRequired() {
		return this.required;
	}

	@Override
	public String toString() {
		return "Parameter %d of %s()".formatted(index(), this.parameter.getExecutable().getName());
	}

}
