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

import java.io.Closeable;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.messaging.converter.MessageConverter;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;

/**
 * The beans of this library with properties of their own, apart from the application
 * under test.
 */
final class EmbeddedBroker implements Closeable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	EmbeddedBroker(Map<String, Object> properties, @Nullable MessageConverter converter) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((source) -> environment.getPropertySources().remove(source.getName()));
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		this.context.setEnvironment(environment);
		if (converter != null) {
			this.context.getBeanFactory().registerSingleton("fdMessageConverter", converter);
		}
		this.context.register(FdBrokerAutoConfiguration.class);
		this.context.refresh();
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
