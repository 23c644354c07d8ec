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

package io.github.fdbroker.autoconfigure.actuate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.HeldDescriptors;
import io.github.fdbroker.socket.Transport;

/**
 * Auto-configuration of the actuator endpoint {@code fdbroker}.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(FdListenerRegistry.class)
@ConditionalOnAvailableEndpoint(FdBrokerEndpoint.class)
public final class FdBrokerEndpointAutoConfiguration {

	@Bean
	HeldDescriptors fdRecordedDescriptors() {
		return new HeldDescriptors();
	}

	@Bean
	FdBrokerEndpoint fdBrokerEndpoint(FdListenerRegistry listeners, ObjectProvider<DefaultFdBroker> broker,
			DescriptorQuota quota, HeldDescriptors held, Closer closer, Transport transport) {
		return new FdBrokerEndpoint(listeners, broker.getIfAvailable(), quota, held, closer, transport);
	}

}
