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

package io.github.fdbroker.autoconfigure.observation;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * Auto-configuration of the observations of listener calls, sends and requests. Nothing
 * is observed if the registry has no handler when the application starts.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ FdListenerRegistry.class, ObservationRegistry.class })
public final class FdBrokerObservationAutoConfiguration {

	@Bean
	@Order(0)
	@Nullable ListenerObservations fdListenerObservations(ObservationRegistry registry) {
		return registry.isNoop() ? null : new ListenerObservations(registry);
	}

	@Bean
	@Nullable SendObservations fdSendObservations(ObservationRegistry registry) {
		return registry.isNoop() ? null : new SendObservations(registry);
	}

}
