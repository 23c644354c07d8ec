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
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * Creates containers: the place where a method meets the settings of its socket.
 */
public final class FdListenerContainerFactory implements BeanFactoryAware {

	private final Map<String, SocketSettings> sockets;

	private final ContainerServices services;

	private final ListenerMethod.Factory methods;

	private final ListenerMethod.Factory validatedMethods;

	private final AsyncResults asyncResults = new AsyncResults();

	/**
	 * Create a factory.
	 * @param sockets the settings of all sockets, by name
	 * @param services what the containers share
	 * @param messageConverter what turns payloads into objects
	 * @param validator what validates payloads, or {@code null}
	 */
	public FdListenerContainerFactory(Map<String, SocketSettings> sockets, ContainerServices services,
			MessageConverter messageConverter, @Nullable Validator validator) {
		this.sockets = Map.copyOf(sockets);
		this.services = services;
		this.methods = methods(messageConverter, null);
		this.validatedMethods = methods(messageConverter, validator);
	}

	private ListenerMethod.Factory methods(MessageConverter messageConverter, @Nullable Validator validator) {
		ListenerMethod.Factory factory = new ListenerMethod.Factory();
		factory.setMessageConverter(messageConverter);
		if (validator != null) {
			factory.setValidator(validator);
		}
		factory.setCustomArgumentResolvers(resolvers(this.services.converters()));
		return factory;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		for (ListenerMethod.Factory factory : List.of(this.methods, this.validatedMethods)) {
			factory.setBeanFactory(beanFactory);
			factory.afterPropertiesSet();
		}
	}

	/**
	 * Create a container.
	 * @param endpoint the method and the name of its socket
	 * @return the container, not started
	 * @throws FdConfigurationException if no socket of that name is configured
	 */
	FdListenerContainer create(FdListenerEndpoint endpoint) {
		SocketSettings settings = this.sockets.get(endpoint.socket());
		if (settings == null) {
			throw unknownSocket(endpoint);
		}
		DescriptorDemand recipient = new DescriptorPlan(endpoint.method(), this.services.converters()).recipient();
		FdListenerAdapter adapter = new FdListenerAdapter(endpoint,
				methods(endpoint.method()).createInvocableHandlerMethod(endpoint.bean(), endpoint.method()), recipient,
				this.asyncResults);
		return new FdListenerContainer(endpoint, settings, adapter, this.services);
	}

	/**
	 * A validator makes spring-messaging search the annotations of the payload parameter
	 * for each message, which takes longer than the conversion of the payload.
	 */
	private ListenerMethod.Factory methods(Method method) {
		boolean validated = Stream.of(new AnnotatedMethod(method).getMethodParameters())
			.flatMap((parameter) -> Stream.of(parameter.getParameterAnnotations()))
			.anyMatch((annotation) -> ValidationAnnotationUtils.determineValidationHints(annotation) != null);
		return validated ? this.validatedMethods : this.methods;
	}

	private static List<HandlerMethodArgumentResolver> resolvers(FdConverters converters) {
		return List.of(new DescriptorArgumentResolver(converters), new DeliveryArgumentResolver());
	}

	private FdConfigurationException unknownSocket(FdListenerEndpoint endpoint) {
		String configured = this.sockets.isEmpty() ? "none" : new TreeSet<>(this.sockets.keySet()).toString();
		return new FdConfigurationException(
				"Listener %s names the socket '%s', which is not configured".formatted(endpoint, endpoint.socket()),
				"Set fdbroker.sockets.%s.path, or name one of the sockets that are configured: %s"
					.formatted(endpoint.socket(), configured));
	}

}
