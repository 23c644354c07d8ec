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
import java.util.stream.Stream;

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
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

import io.github.fdbroker.annotation.FdListener;

/**
 * Finds the methods annotated with {@link FdListener}, and registers them once all
 * singletons are created.
 */
public final class FdListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, EmbeddedValueResolverAware {

	private final ObjectProvider<FdListenerRegistry> registry;

	private final List<FdListenerEndpoint> endpoints = new ArrayList<>();

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	/**
	 * Guarded by {@code endpoints}, as is the list itself: beans may be created by
	 * several threads.
	 */
	private boolean singletonsReady;

	private StringValueResolver resolver = (value) -> value;

	/**
	 * Create a post-processor.
	 * @param registry the registry of the containers
	 */
	public FdListenerAnnotationBeanPostProcessor(ObjectProvider<FdListenerRegistry> registry) {
		this.registry = registry;
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
		Map<Method, FdListener> methods = methods(type);
		if (methods.isEmpty()) {
			this.withoutListeners.add(type);
		}
		methods.forEach((method, annotation) -> add(endpoint(bean, method, annotation)));
		return bean;
	}

	/**
	 * Whether a class has methods annotated with {@link FdListener}.
	 * @param type the class
	 * @return whether it has one
	 */
	public static boolean hasListener(Class<?> type) {
		return AnnotationUtils.isCandidateClass(type, FdListener.class) && !methods(type).isEmpty();
	}

	private static Map<Method, FdListener> methods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<FdListener>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, FdListener.class));
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.withoutListeners.clear();
		List<FdListenerEndpoint> found;
		synchronized (this.endpoints) {
			this.singletonsReady = true;
			found = List.copyOf(this.endpoints);
			this.endpoints.clear();
		}
		found.forEach(this::register);
	}

	private void register(FdListenerEndpoint endpoint) {
		this.registry.getObject().register(endpoint);
	}

	private void add(FdListenerEndpoint endpoint) {
		synchronized (this.endpoints) {
			if (!this.singletonsReady) {
				this.endpoints.add(endpoint);
				return;
			}
		}
		register(endpoint);
	}

	private String resolve(String value) {
		String resolved = value.isEmpty() ? value : this.resolver.resolveStringValue(value);
		return (resolved != null) ? resolved : "";
	}

	private FdListenerEndpoint endpoint(Object bean, Method method, FdListener annotation) {
		String socket = resolve(annotation.value());
		String child = resolve(annotation.child());
		Assert.isTrue(StringUtils.hasText(socket) != StringUtils.hasText(child),
				() -> "@FdListener on %s must name either a socket or a child".formatted(method));
		List<HeaderCondition> headers = Stream.of(annotation.headers())
			.map((header) -> HeaderCondition.parse(resolve(header)))
			.toList();
		return new FdListenerEndpoint(socket + child, !child.isEmpty(), headers, bean, method);
	}

}
