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

package io.github.fdbroker.web;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;

/**
 * Delays the start of the application, or has it fail: when all beans are there, or later
 * when the web server has started.
 */
class StartFaults implements SmartLifecycle {

	private final long delaySeconds;

	private final boolean failing;

	private final boolean late;

	private boolean running;

	StartFaults(@Value("${pid.start-delay:0}") long delaySeconds, @Value("${pid.start-failure:false}") boolean failing,
			@Value("${pid.start-late:false}") boolean late) {
		this.delaySeconds = delaySeconds;
		this.failing = failing;
		this.late = late;
	}

	@Override
	public int getPhase() {
		return this.late ? Integer.MAX_VALUE : Integer.MIN_VALUE;
	}

	@Override
	public void start() {
		this.running = true;
		if (this.failing) {
			throw new IllegalStateException("This application does not start");
		}
		try {
			Thread.sleep(this.delaySeconds * 1000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
