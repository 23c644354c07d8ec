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

package io.github.fdbroker.test;

import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.Assert;

/**
 * Moves the sockets of a context to a directory of its own. All instances are equal, so
 * that test classes share contexts.
 */
record FdBrokerContextCustomizer() implements ContextCustomizer {

	private static final String BEAN_NAME = "fdTestSockets";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		TestDirectory directory = TestDirectory.create();
		ConfiguredSockets sockets = ConfiguredSockets.of(context.getEnvironment(), directory.path());
		MutablePropertySources sources = context.getEnvironment().getPropertySources();
		sources.addFirst(new MapPropertySource(BEAN_NAME, sockets.properties()));
		Assert.isInstanceOf(DefaultSingletonBeanRegistry.class, context.getBeanFactory());
		DefaultSingletonBeanRegistry registry = (DefaultSingletonBeanRegistry) context.getBeanFactory();
		registry.registerSingleton(BEAN_NAME, new FdTestSockets(directory.path(), sockets, context));
		// Singletons are destroyed after the sockets were closed.
		registry.registerDisposableBean(BEAN_NAME, directory::delete);
	}

}
