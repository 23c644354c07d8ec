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

import org.newsclub.net.unix.AFUNIXSocket;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.MessageConverter;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.broker.SendAdvice;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.convert.DescriptorFactory;
import io.github.fdbroker.convert.FdConverter;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSource;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.DescriptorLeaks;
import io.github.fdbroker.systemd.ActivatedDescriptors;

/**
 * Auto-configuration of fdbroker: sends by {@link FdBroker}, and receives by methods
 * annotated with {@link io.github.fdbroker.annotation.FdListener @FdListener}.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration" })
@ConditionalOnClass({ AFUNIXSocket.class, MessageConverter.class })
@ConditionalOnBooleanProperty(name = "fdbroker.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FdBrokerProperties.class)
@Import({ MessageConverterConfiguration.class, FdListenerConfiguration.class, SystemdConfiguration.class })
@ImportRuntimeHints(FdBrokerRuntimeHints.class)
public final class FdBrokerAutoConfiguration {

	@Bean
	Transport fdTransport(FdBrokerProperties properties) {
		return properties.transport().select();
	}

	@Bean
	DescriptorLeaks fdDescriptorLeaks(FdBrokerProperties properties) {
		return new DescriptorLeaks(properties.leaks().stackTraces(), new LeakLog());
	}

	@Bean
	FdConverters fdConverters(ObjectProvider<FdConverter<?>> converters, DescriptorLeaks leaks) {
		return new FdConverters(converters.orderedStream().toList(), leaks);
	}

	@Bean
	DescriptorFactory fdDescriptorFactory(FdConverters converters) {
		return new DescriptorFactory(converters);
	}

	@Bean
	FdSources fdSources(ObjectProvider<FdSource<?>> sources) {
		return new FdSources(sources.orderedStream().toList());
	}

	@Bean
	PropertiesSettings fdPropertiesSettings(FdBrokerProperties properties, ObjectProvider<PeerAuthorizer> authorizer,
			ObjectProvider<ActivatedDescriptors> activated, Environment environment) {
		return new PropertiesSettings(properties, authorizer.getIfAvailable(), activated.getIfAvailable(),
				environment.getProperty("fdbroker.takeover.enabled", Boolean.class, false));
	}

	@Bean
	MessageComposer fdMessageComposer(
			@Qualifier(MessageConverterConfiguration.BEAN_NAME) MessageConverter messageConverter, FdSources sources) {
		return new MessageComposer(messageConverter, sources);
	}

	@Bean
	Messenger fdMessenger(MessageComposer composer, FdConverters converters, ObjectProvider<SendAdvice> advice) {
		return new Messenger(composer, converters, advice.getIfAvailable());
	}

	@Bean
	WaitingDescriptors fdWaitingDescriptors() {
		return WaitingDescriptors.ofProcess();
	}

	@Bean
	@ConditionalOnMissingBean(FdBroker.class)
	DefaultFdBroker fdBroker(PropertiesSettings settings, Transport transport, Messenger messenger,
			WaitingDescriptors waiting) {
		return new DefaultFdBroker(settings.peers(), PropertiesPeer::unnamed, transport, messenger, waiting);
	}

}
