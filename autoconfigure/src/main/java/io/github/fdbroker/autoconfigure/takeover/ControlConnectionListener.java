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

import org.springframework.context.event.EventListener;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.takeover.OutgoingTakeover;

/**
 * Tells a take-over that the new process has left.
 */
class ControlConnectionListener {

	private final OutgoingTakeover takeover;

	ControlConnectionListener(OutgoingTakeover takeover) {
		this.takeover = takeover;
	}

	@EventListener
	void ended(FdEvent.ConnectionEnded event) {
		if (event.socket().equals(TakeoverEnvironmentPostProcessor.NAME)) {
			this.takeover.disconnected(event.peer());
		}
	}

}
