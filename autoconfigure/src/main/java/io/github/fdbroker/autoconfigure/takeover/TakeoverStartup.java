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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.TakeoverContributor;
import io.github.fdbroker.takeover.TakeoverParticipant;

/**
 * Has the application serve once all of it has started, and before the service manager is
 * told that it is ready.
 */
final class TakeoverStartup implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private final IncomingTakeover takeover;

	private final ListableBeanFactory beans;

	TakeoverStartup(IncomingTakeover takeover, ListableBeanFactory beans) {
		this.takeover = takeover;
		this.beans = beans;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (event.getApplicationContext().getAutowireCapableBeanFactory() == this.beans) {
			this.takeover.serve(participants(), contributors());
		}
	}

	List<TakeoverParticipant> participants() {
		return this.beans.getBeanProvider(TakeoverParticipant.class).orderedStream().toList();
	}

	Map<String, TakeoverContributor> contributors() {
		return new TreeMap<>(this.beans.getBeansOfType(TakeoverContributor.class));
	}

}
