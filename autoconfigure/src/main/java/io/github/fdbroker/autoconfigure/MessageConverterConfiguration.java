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

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;

import io.github.fdbroker.convert.TextMessageConverter;

/**
 * Configures the converter between payloads and objects: bytes, text, and JSON if Jackson
 * is present. A bean of the same name replaces it.
 */
@Configuration(proxyBeanMethods = false)
class MessageConverterConfiguration {

	static final String BEAN_NAME = "fdMessageConverter";

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnMissingBean(name = BEAN_NAME)
	MessageConverter fdMessageConverter(ObjectProvider<JsonConverterFactory> json) {
		List<MessageConverter> converters = new ArrayList<>();
		converters.add(new ByteArrayMessageConverter());
		converters.add(new TextMessageConverter());
		json.ifAvailable((factory) -> converters.add(factory.create()));
		return new CompositeMessageConverter(converters);
	}

	/**
	 * Creates the converter for JSON.
	 */
	interface JsonConverterFactory {

		MessageConverter create();

	}

	/**
	 * Creates the converter for JSON with Jackson.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static class JacksonConfiguration {

		@Bean
		JsonConverterFactory fdJsonConverterFactory(ObjectProvider<JsonMapper> mapper) {
			return () -> new JacksonJsonMessageConverter(mapper.getIfUnique(JsonMapper::new));
		}

	}

}
