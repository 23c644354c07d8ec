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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.validation.Validator;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.convert.FdConverters;

/**
 * Prepares listener methods: determines once for each method how its arguments are
 * resolved.
 */
public final class ListenerMethodFactory {

	private static final String ACTION = "Use a type that descriptors convert to, or an array, List, Map by name or Optional of it; "
			+ "a payload that a message converter reads; or an annotation such as @Header";

	private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private final FdConverters converters;

	private final MessageConverter messageConverter;

	private final SpringResolvers resolvers;

	private final ParameterCheck check;

	/**
	 * Create a factory.
	 * @param converters the converters from descriptors to Java types
	 * @param messageConverter converts payloads to objects
	 * @param validator returns what validates payloads, or {@code null} for no
	 * validation; called for the first method that needs it
	 * @param beanFactory evaluates expressions in annotations
	 */
	public ListenerMethodFactory(FdConverters converters, MessageConverter messageConverter,
			Supplier<@Nullable Validator> validator, BeanFactory beanFactory) {
		this.converters = converters;
		this.messageConverter = messageConverter;
		this.resolvers = new SpringResolvers(messageConverter, validator, beanFactory);
		this.check = new ParameterCheck(converters, messageConverter);
	}

	/**
	 * Prepare a listener method, and the methods that handle its exceptions.
	 */
	ListenerMethod create(Object bean, Method method) {
		return create(bean, method, new ExceptionMethods(bean, (handler) -> create(bean, handler, null)));
	}

	/**
	 * Prepare a method.
	 * @param exceptions handles failures of the method, {@code null} if the method is an
	 * exception handler itself
	 * @throws FdConfigurationException if one of its parameters cannot be resolved from
	 * any message
	 */
	ListenerMethod create(Object bean, Method method, @Nullable ExceptionMethods exceptions) {
		Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
		DescriptorPlan plan = new DescriptorPlan();
		List<Argument> arguments = new ArrayList<>();
		// Includes the annotations of parameters in interfaces.
		for (MethodParameter parameter : new AnnotatedMethod(invocable).getMethodParameters()) {
			parameter.initParameterNameDiscovery(this.names);
			arguments.add(argument(parameter, plan, exceptions == null));
		}
		return new ListenerMethod(bean, invocable, arguments, plan, exceptions);
	}

	private Argument argument(MethodParameter parameter, DescriptorPlan plan, boolean afterFailure) {
		DescriptorParameter descriptor = new DescriptorParameter(parameter);
		try {
			if (descriptor.isFor(this.converters)) {
				plan.add(descriptor);
				return new DescriptorArgument(descriptor, plan);
			}
			return other(parameter, afterFailure);
		}
		catch (IllegalArgumentException ex) {
			throw new FdConfigurationException("%s in %s is a %s, which no message can fill: %s".formatted(descriptor,
					parameter.getDeclaringClass().getSimpleName(), parameter.getGenericParameterType().getTypeName(),
					ex.getMessage()), ACTION);
		}
	}

	private Argument other(MethodParameter parameter, boolean afterFailure) {
		Class<?> type = parameter.getParameterType();
		if (type == FdMessage.class) {
			return Delivery::message;
		}
		if (type == FdSender.class) {
			return Delivery::sender;
		}
		if (type == PeerCredentials.class) {
			return Delivery::credentials;
		}
		if (afterFailure && Throwable.class.isAssignableFrom(type)) {
			return (delivery) -> delivery.failure(type);
		}
		SpringArgument argument = this.resolvers.argument(parameter);
		this.check.check(argument);
		return PayloadArgument.of(argument, this.messageConverter);
	}

}
