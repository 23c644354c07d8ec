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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;

import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.systemd.SystemdNotifier;
import io.github.fdbroker.systemd.Watchdog;

/**
 * Notifies the service manager when the application is ready, while it is alive, and when
 * it begins to stop.
 */
class ServiceNotifications implements ApplicationListener<ApplicationEvent>, DisposableBean {

	private final SystemdNotifier notifier;

	private final Map<String, String> environment;

	private final boolean mainPid;

	private final ApplicationContext context;

	private final ObjectProvider<ApplicationAvailability> availability;

	private final ObjectProvider<FdListenerRegistry> registry;

	private volatile @Nullable Watchdog watchdog;

	ServiceNotifications(SystemdNotifier notifier, Map<String, String> environment, boolean mainPid,
			ApplicationContext context, ObjectProvider<ApplicationAvailability> availability,
			ObjectProvider<FdListenerRegistry> registry) {
		this.notifier = notifier;
		this.environment = environment;
		this.mainPid = mainPid;
		this.context = context;
		this.availability = availability;
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!this.notifier.isAvailable()) {
			return;
		}
		if (event instanceof ApplicationReadyEvent ready && ready.getApplicationContext() == this.context) {
			ready();
		}
		else if (event instanceof ContextClosedEvent closed && isOwn(closed)) {
			this.notifier.notifyManager("STOPPING=1", "STATUS=Stopping");
		}
	}

	private boolean isOwn(ApplicationContextEvent event) {
		return event.getApplicationContext() == this.context;
	}

	private void ready() {
		List<String> assignments = new ArrayList<>(List.of("READY=1", "STATUS=" + status()));
		if (this.mainPid) {
			assignments.add("MAINPID=" + ProcessHandle.current().pid());
		}
		this.notifier.notifyManager(assignments.toArray(new String[0]));
		Watchdog.interval(this.environment, ProcessHandle.current().pid()).ifPresent(this::watch);
	}

	private String status() {
		String sockets = this.registry.stream()
			.flatMap((containers) -> containers.containers().stream())
			.filter(FdListenerContainer::isRunning)
			.map((FdListenerContainer container) -> container.settings().name())
			.collect(Collectors.joining(", "));
		return sockets.isEmpty() ? "Ready" : "Ready, serving " + sockets;
	}

	private void watch(Duration interval) {
		this.watchdog = Watchdog.start(interval, this.notifier, this::isAlive);
	}

	private boolean isAlive() {
		ApplicationAvailability known = this.availability.getIfAvailable();
		return known == null || known.getLivenessState() != LivenessState.BROKEN;
	}

	@Override
	public void destroy() {
		Watchdog watching = this.watchdog;
		if (watching != null) {
			watching.close();
		}
	}

}
