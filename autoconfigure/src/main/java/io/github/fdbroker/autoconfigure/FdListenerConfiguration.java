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

package io.github.fdbroker.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.validation.Validator;

import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.listener.CallAdvice;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.ConnectionThreads;
import io.github.fdbroker.listener.ContainerServices;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.listener.FdListenerAnnotationBeanPostProcessor;
import io.github.fdbroker.listener.FdListenerContainerFactory;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.HeldDescriptors;
import io.github.fdbroker.listener.ListenerMethodFactory;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.OpenFilesLimit;

/**
 * Configures the beans that receive messages.
 */
@Configuration(proxyBeanMethods = false)
class FdListenerConfiguration {

	/** The number of descriptors that a process needs for other purposes. */
	private static final int HEADROOM = 256;

	private static final int LEAST = 16;

	@Bean
	static FdListenerAnnotationBeanPostProcessor fdListenerAnnotationBeanPostProcessor(
			ObjectProvider<FdListenerRegistry> registry) {
		return new FdListenerAnnotationBeanPostProcessor(registry);
	}

	@Bean
	FdListenerRegistry fdListenerRegistry(FdListenerContainerFactory factory) {
		return new FdListenerRegistry(factory);
	}

	@Bean
	FdChildren fdChildren(PropertiesSettings settings, ContainerServices services, FdListenerRegistry listeners,
			Messenger messenger, WaitingDescriptors waiting) {
		return new FdChildren(settings.children(), services, listeners, messenger, waiting);
	}

	@Bean
	DescriptorQuota fdHeldDescriptors(FdBrokerProperties properties, ObjectProvider<HeldDescriptors> recorded) {
		FdBrokerProperties.DescriptorQuota limits = properties.heldDescriptors();
		int perUser = positive("per-user", limits.perUser());
		int total = (int) Math.min(positive("total", limits.total()), Math.max(LEAST, OpenFilesLimit.get() - HEADROOM));
		if (total < limits.total()) {
			// One user must not take all descriptors of a small table.
			perUser = Math.min(perUser, Math.max(LEAST, total / 2));
		}
		return new DescriptorQuota(positive("per-connection", limits.perConnection()), perUser, total,
				recorded.getIfAvailable());
	}

	private static int positive(String limit, int value) {
		return PropertyChecks.positive("fdbroker.held-descriptors." + limit, value);
	}

	/**
	 * Beans with listener methods are created at start, because no other bean depends on
	 * them.
	 */
	@Bean
	static LazyInitializationExcludeFilter fdListenerLazyInitializationExcludeFilter() {
		return (name, definition, type) -> FdListenerAnnotationBeanPostProcessor.hasListener(type);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> fdUnservedSocketsListener(ApplicationContext context,
			PropertiesSettings settings, ObjectProvider<FdListenerRegistry> registry) {
		return new UnservedSocketsListener(context, settings.properties().sockets().keySet(), registry);
	}

	@Bean
	Closer fdCloser() {
		return new Closer();
	}

	@Bean
	ContainerServices fdContainerServices(Transport transport, FdConverters converters, MessageComposer composer,
			DescriptorQuota heldDescriptors, Closer closer, Environment environment, ObjectProvider<CallAdvice> advice,
			ApplicationEventPublisher events) {
		return new ContainerServices(transport, converters, composer, heldDescriptors, closer,
				Threading.VIRTUAL.isActive(environment) ? ConnectionThreads.VIRTUAL : ConnectionThreads.PLATFORM,
				CallAdvice.all(advice.orderedStream().toList()), new SafeEventPublisher(events));
	}

	@Bean
	ListenerMethodFactory fdListenerMethodFactory(FdConverters converters,
			@Qualifier(MessageConverterConfiguration.BEAN_NAME) MessageConverter messageConverter,
			ObjectProvider<Validator> validator, BeanFactory beanFactory) {
		return new ListenerMethodFactory(converters, messageConverter, validator::getIfUnique, beanFactory);
	}

	@Bean
	FdListenerContainerFactory fdListenerContainerFactory(PropertiesSettings settings, ContainerServices services,
			ListenerMethodFactory methods, ObjectProvider<FdListenerErrorHandler> errorHandler,
			FdBrokerProperties properties) {
		return new FdListenerContainerFactory(settings.sockets(), settings.childListeners(), services, methods,
				errorHandler.getIfAvailable(() -> properties.listener().errorDetails()));
	}

}
