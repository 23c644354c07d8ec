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

package io.github.fdbroker.autoconfigure.takeover;

import java.time.Duration;
import java.util.List;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.systemd.SystemdNotifier;
import io.github.fdbroker.takeover.ControlHandler;
import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.ListenerSockets;
import io.github.fdbroker.takeover.OutgoingTakeover;
import io.github.fdbroker.takeover.Takeover;
import io.github.fdbroker.takeover.TakeoverJournal;
import io.github.fdbroker.takeover.TakeoverSettings;

/**
 * Auto-configuration of take-overs: a new process of the application goes on with the
 * sockets of the one that runs.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class)
@ConditionalOnBooleanProperty("fdbroker.takeover.enabled")
@EnableConfigurationProperties(FdTakeoverProperties.class)
public final class FdTakeoverAutoConfiguration {

	private static final String SHUTDOWN_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	@Bean
	TakeoverSettings fdTakeoverSettings(FdTakeoverProperties properties, Environment environment) {
		Duration drain = properties.drainTimeout();
		return new TakeoverSettings(properties.startTimeout(), properties.stepTimeout(), (drain != null) ? drain
				: environment.getProperty(SHUTDOWN_TIMEOUT, Duration.class, Duration.ofSeconds(30)));
	}

	@Bean
	TakeoverJournal fdTakeoverJournal(ApplicationEventPublisher events) {
		return new TakeoverJournal(events::publishEvent);
	}

	@Bean
	IncomingTakeover fdIncomingTakeover(FdTakeoverProperties properties, FdBroker broker, TakeoverSettings settings,
			TakeoverJournal journal, FdListenerRegistry registry, ObjectProvider<SystemdNotifier> notifier) {
		if (!StringUtils.hasText(properties.socket())) {
			throw new FdConfigurationException("A take-over needs a control socket, and no path is set for it",
					"Set fdbroker.takeover.socket to the path of a file in a directory that only this user can "
							+ "write to, or fdbroker.takeover.enabled=false");
		}
		IncomingTakeover incoming = IncomingTakeover.begin(broker, TakeoverEnvironmentPostProcessor.NAME, settings,
				journal, () -> notifier.ifAvailable(SystemdNotifier::takeOver));
		if (incoming.isUnderWay()) {
			registry.hold();
			notifier.ifAvailable(SystemdNotifier::silence);
		}
		return incoming;
	}

	@Bean
	TakeoverStartup fdTakeoverStartup(IncomingTakeover incoming, ListableBeanFactory beans) {
		return new TakeoverStartup(incoming, beans);
	}

	@Bean
	ListenerSockets fdListenerSockets(FdListenerRegistry registry) {
		return new ListenerSockets(registry);
	}

	@Bean
	OutgoingTakeover fdOutgoingTakeover(TakeoverSettings settings, TakeoverJournal journal, IncomingTakeover incoming,
			TakeoverStartup startup, ObjectProvider<SystemdNotifier> notifier, ApplicationContext context,
			FdListenerRegistry registry) {
		OutgoingTakeover outgoing = new OutgoingTakeover(settings, journal, incoming, startup::participants,
				startup::contributors, (pid) -> notifier.ifAvailable((manager) -> manager.handOver(pid)),
				() -> System.exit(SpringApplication.exit(context)));
		registry.register(TakeoverEnvironmentPostProcessor.NAME, new ControlHandler(outgoing, () -> {
			FdListenerContainer control = registry.container(TakeoverEnvironmentPostProcessor.NAME);
			return (control != null) ? control.connectionStatuses() : List.of();
		}));
		return outgoing;
	}

	@Bean
	TakeoverListener fdTakeoverListener(OutgoingTakeover outgoing, IncomingTakeover incoming,
			ApplicationContext context) {
		return new TakeoverListener(outgoing, incoming, context);
	}

	@Bean
	Takeover fdTakeover(OutgoingTakeover outgoing, TakeoverJournal journal) {
		return new Takeover(outgoing, journal);
	}

	@Bean
	static LazyInitializationExcludeFilter fdTakeoverLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(OutgoingTakeover.class, ListenerSockets.class);
	}

}
