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
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.TakeoverContributor;
import io.github.fdbroker.takeover.TakeoverParticipant;

/**
 * Has the application serve once all of it has started, and all who are told so have been
 * told: when it is ready to accept traffic.
 */
final class TakeoverStartup implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final IncomingTakeover takeover;

	private final ListableBeanFactory beans;

	private boolean serving;

	TakeoverStartup(IncomingTakeover takeover, ListableBeanFactory beans) {
		this.takeover = takeover;
		this.beans = beans;
	}

	@Override
	public synchronized void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC && !this.serving) {
			this.serving = true;
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
