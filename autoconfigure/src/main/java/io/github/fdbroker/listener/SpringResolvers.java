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

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * The default argument resolvers of spring-messaging.
 */
final class SpringResolvers {

	private final List<HandlerMethodArgumentResolver> resolvers;

	private final SingletonSupplier<List<HandlerMethodArgumentResolver>> validatingResolvers;

	/**
	 * The validator is requested only when a method needs it, because the validator of
	 * Spring MVC cannot be created before the web server.
	 */
	SpringResolvers(MessageConverter converter, Supplier<@Nullable Validator> validator, BeanFactory beanFactory) {
		this.resolvers = new Factory(converter, null, beanFactory).initArgumentResolvers();
		this.validatingResolvers = SingletonSupplier
			.of(() -> new Factory(converter, validator.get(), beanFactory).initArgumentResolvers());
	}

	/**
	 * Return the argument for a parameter. Validators are used only for validated
	 * payloads: with one, spring-messaging searches the annotations of a payload for each
	 * message, which takes longer than the conversion.
	 */
	SpringArgument argument(MethodParameter parameter) {
		return (isValidated(parameter) ? this.validatingResolvers.obtain() : this.resolvers).stream()
			.filter((resolver) -> resolver.supportsParameter(parameter))
			.findFirst()
			.map((resolver) -> new SpringArgument(parameter, resolver))
			.orElseThrow(() -> new IllegalArgumentException("no resolver supports it"));
	}

	static boolean isValidated(MethodParameter parameter) {
		return Stream.of(parameter.getParameterAnnotations())
			.anyMatch((annotation) -> ValidationAnnotationUtils.determineValidationHints(annotation) != null);
	}

	/**
	 * Makes the resolvers accessible.
	 */
	private static final class Factory extends DefaultMessageHandlerMethodFactory {

		Factory(MessageConverter converter, @Nullable Validator validator, BeanFactory beanFactory) {
			setMessageConverter(converter);
			if (validator != null) {
				setValidator(validator);
			}
			setBeanFactory(beanFactory);
			afterPropertiesSet();
		}

		@Override
		protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
			return super.initArgumentResolvers();
		}

	}

}
