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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.systemd.FdStore;
import io.github.fdbroker.systemd.SystemdNotifier;

/**
 * Configures the beans of an application that systemd starts.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "fdbroker.systemd.enabled", matchIfMissing = true)
class SystemdConfiguration {

	@Bean
	static ActivatedDescriptorBeans fdActivatedDescriptorBeans() {
		return new ActivatedDescriptorBeans(ActivatedDescriptors.ofProcess());
	}

	@Bean
	ActivatedDescriptors fdActivatedDescriptors(FdConverters converters) {
		return new ActivatedDescriptors(ActivatedDescriptors.ofProcess(), converters);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> fdUnclaimedDescriptorsListener(ActivatedDescriptors descriptors,
			ApplicationContext context) {
		return (event) -> {
			if (event.getApplicationContext() == context) {
				descriptors.closeUnclaimed();
			}
		};
	}

	@Bean
	@ConditionalOnMissingBean
	SystemdNotifier fdSystemdNotifier(Transport transport) {
		return SystemdNotifier.of(System.getenv(), transport);
	}

	@Bean
	FdStore fdStore(SystemdNotifier notifier, ActivatedDescriptors activated, FdSources sources) {
		return new FdStore(notifier, activated, sources, System.getenv());
	}

	@Bean
	ServiceNotifications fdServiceNotifications(SystemdNotifier notifier, FdBrokerProperties properties,
			ApplicationContext context, ObjectProvider<ApplicationAvailability> availability,
			ObjectProvider<FdListenerRegistry> registry) {
		return new ServiceNotifications(notifier, System.getenv(), properties.systemd().mainPid(), context,
				availability, registry);
	}

}
