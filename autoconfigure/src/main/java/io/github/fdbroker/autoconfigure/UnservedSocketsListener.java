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

import java.util.List;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * Warns of configured sockets that no listener serves, for instance because its bean is
 * lazy or was not found by the component scan.
 */
final class UnservedSocketsListener implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(UnservedSocketsListener.class);

	private final ApplicationContext context;

	private final Set<String> sockets;

	private final ObjectProvider<FdListenerRegistry> registry;

	UnservedSocketsListener(ApplicationContext context, Set<String> sockets,
			ObjectProvider<FdListenerRegistry> registry) {
		this.context = context;
		this.sockets = sockets;
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		FdListenerRegistry containers = this.registry.getObject();
		List<String> unserved = this.sockets.stream()
			.filter((name) -> containers.container(name) == null)
			.sorted()
			.toList();
		if (!unserved.isEmpty()) {
			logger.warn(("No listener serves the configured sockets %s: annotate a method of a bean that is not lazy "
					+ "with @FdListener(\"%s\"), or remove fdbroker.sockets.%s")
				.formatted(unserved, unserved.get(0), unserved.get(0)));
		}
	}

}
