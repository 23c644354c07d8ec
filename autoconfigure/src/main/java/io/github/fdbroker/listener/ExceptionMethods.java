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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.support.AnnotationExceptionHandlerMethodResolver;

/**
 * The {@link MessageExceptionHandler} methods of one bean.
 */
final class ExceptionMethods {

	private final AnnotationExceptionHandlerMethodResolver resolver;

	private final Map<Method, ListenerMethod> methods = new HashMap<>();

	/**
	 * Find the methods of a bean.
	 * @param factory prepares each of them
	 */
	ExceptionMethods(Object bean, Function<Method, ListenerMethod> factory) {
		Class<?> type = AopUtils.getTargetClass(bean);
		this.resolver = new AnnotationExceptionHandlerMethodResolver(type);
		MethodIntrospector
			.selectMethods(type,
					(Method method) -> AnnotatedElementUtils.hasAnnotation(method, MessageExceptionHandler.class))
			.forEach((method) -> this.methods.put(method, factory.apply(method)));
	}

	/**
	 * Handle a failure by the method for its type.
	 * @throws Throwable the failure, if there is no method for it
	 */
	@Nullable Object handle(Delivery delivery, Throwable failure) throws Throwable {
		Method method = this.resolver.resolveMethod(failure);
		ListenerMethod handler = (method != null) ? this.methods.get(method) : null;
		if (handler == null) {
			throw failure;
		}
		delivery.failed(failure);
		return handler.handle(delivery);
	}

}
