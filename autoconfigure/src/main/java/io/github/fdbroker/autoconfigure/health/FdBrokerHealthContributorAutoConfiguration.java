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

package io.github.fdbroker.autoconfigure.health;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.FdBrokerProperties;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * Auto-configuration of the health of sockets, required peers and the descriptor table.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(FdListenerRegistry.class)
@ConditionalOnEnabledHealthIndicator("fdbroker")
public final class FdBrokerHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "fdbrokerHealthIndicator")
	FdBrokerHealthIndicator fdbrokerHealthIndicator(FdBrokerProperties properties, FdListenerRegistry listeners,
			ObjectProvider<DefaultFdBroker> broker) {
		Set<String> sockets = properties.sockets()
			.entrySet()
			.stream()
			.filter((socket) -> socket.getValue().autoStartup())
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
		Set<String> required = properties.peers()
			.entrySet()
			.stream()
			.filter((peer) -> peer.getValue().required())
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
		return new FdBrokerHealthIndicator(new SocketsHealth(sockets, listeners),
				new PeersHealth(required, broker.getIfAvailable()), DescriptorTable::ofProcess);
	}

}
