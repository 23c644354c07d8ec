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

package io.github.fdbroker.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.FdBrokerProperties;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.system.DescriptorLeaks;

/**
 * Auto-configuration of the metrics of sockets, peers, children and descriptors.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean({ FdListenerRegistry.class, MeterRegistry.class })
public final class FdBrokerMetricsAutoConfiguration {

	@Bean
	SocketMetrics fdSocketMetrics(FdBrokerProperties properties, FdListenerRegistry registry) {
		return new SocketMetrics(properties.sockets().keySet(), registry);
	}

	@Bean
	@ConditionalOnBean(DefaultFdBroker.class)
	PeerMetrics fdPeerMetrics(FdBrokerProperties properties, DefaultFdBroker broker) {
		return new PeerMetrics(properties.peers().keySet(), broker);
	}

	@Bean
	@ConditionalOnBean(FdChildren.class)
	ChildMetrics fdChildMetrics(FdBrokerProperties properties, FdChildren children) {
		return new ChildMetrics(properties.children().keySet(), children);
	}

	@Bean
	DescriptorMetrics fdDescriptorMetrics(DescriptorQuota held, Closer closer, DescriptorLeaks leaks,
			ObjectProvider<DefaultFdBroker> broker) {
		return new DescriptorMetrics(held, closer, leaks, broker.getIfAvailable());
	}

}
