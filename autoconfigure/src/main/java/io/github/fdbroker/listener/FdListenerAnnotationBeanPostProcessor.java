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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.Assert;
import org.springframework.util.StringValueResolver;

import io.github.fdbroker.annotation.FdListener;

/**
 * Finds the methods annotated with {@link FdListener}, and has containers made for them
 * once all singletons are there.
 */
public final class FdListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, EmbeddedValueResolverAware {

	private final ObjectProvider<FdListenerRegistry> registry;

	private final ObjectProvider<FdListenerContainerFactory> factory;

	private final List<FdListenerEndpoint> endpoints = new ArrayList<>();

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	private volatile boolean singletonsReady;

	private StringValueResolver resolver = (value) -> value;

	/**
	 * Create a post-processor.
	 * @param registry where the containers go
	 * @param factory what makes them
	 */
	public FdListenerAnnotationBeanPostProcessor(ObjectProvider<FdListenerRegistry> registry,
			ObjectProvider<FdListenerContainerFactory> factory) {
		this.registry = registry;
		this.factory = factory;
	}

	@Override
	public void setEmbeddedValueResolver(StringValueResolver resolver) {
		this.resolver = resolver;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (bean instanceof AopInfrastructureBean || this.withoutListeners.contains(type)
				|| !AnnotationUtils.isCandidateClass(type, FdListener.class)) {
			return bean;
		}
		Map<Method, FdListener> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<FdListener>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, FdListener.class));
		if (methods.isEmpty()) {
			this.withoutListeners.add(type);
		}
		methods.forEach(
				(method, annotation) -> add(bean, AopUtils.selectInvocableMethod(method, bean.getClass()), annotation));
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.withoutListeners.clear();
		this.endpoints.forEach(this::register);
		this.endpoints.clear();
		this.singletonsReady = true;
	}

	private void register(FdListenerEndpoint endpoint) {
		this.registry.getObject().register(this.factory.getObject().create(endpoint));
	}

	private void add(Object bean, Method method, FdListener annotation) {
		String socket = this.resolver.resolveStringValue(annotation.value());
		Assert.hasText(socket, () -> "'value' of @FdListener on " + method + " must not be empty");
		FdListenerEndpoint endpoint = new FdListenerEndpoint(socket, bean, method);
		if (this.singletonsReady) {
			register(endpoint);
		}
		else {
			this.endpoints.add(endpoint);
		}
	}

}
