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

import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

import io.github.fdbroker.FdConversionException;

/**
 * The argument for a parameter that spring-messaging resolves.
 *
 * @param parameter the parameter
 * @param resolver the resolver of the argument
 */
record SpringArgument(MethodParameter parameter, HandlerMethodArgumentResolver resolver) implements Argument {

	@Override
	public @Nullable Object resolve(Delivery delivery) throws Exception {
		try {
			return this.resolver.resolveArgument(this.parameter, delivery.springMessage());
		}
		catch (MethodArgumentNotValidException ex) {
			throw new FdConversionException("The payload is not valid: " + errors(ex.getBindingResult()), ex);
		}
		catch (MethodArgumentResolutionException ex) {
			// The message of the exception contains the signature of the method, which
			// peers must not see.
			throw new FdConversionException("The message does not fit parameter %d of %s()"
				.formatted(this.parameter.getParameterIndex(), this.parameter.getExecutable().getName()), ex);
		}
	}

	/**
	 * Whether the parameter receives the payload.
	 */
	boolean isPayload() {
		return this.resolver instanceof PayloadMethodArgumentResolver;
	}

	/**
	 * Return the simple name of the class that the payload is converted to.
	 * @return the name, empty for bytes, text and other types of the JDK
	 */
	String payloadType() {
		Class<?> type = this.parameter.nestedIfOptional().getNestedParameterType();
		return (isPayload() && !type.isArray() && !type.getName().startsWith("java.")) ? type.getSimpleName() : "";
	}

	private static String errors(@Nullable BindingResult result) {
		return (result == null) ? "it is missing"
				: result.getAllErrors().stream().map(SpringArgument::error).sorted().collect(Collectors.joining("; "));
	}

	private static String error(ObjectError error) {
		return (error instanceof FieldError field) ? "'" + field.getField() + "' " + error.getDefaultMessage()
				: String.valueOf(error.getDefaultMessage());
	}

}
