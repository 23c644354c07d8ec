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

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.takeover.OutgoingTakeover;

/**
 * Tells a take-over that the new process has left, and that this one stops.
 */
class TakeoverListener {

	private final OutgoingTakeover outgoing;

	private final IncomingTakeover incoming;

	private final ApplicationContext context;

	TakeoverListener(OutgoingTakeover outgoing, IncomingTakeover incoming, ApplicationContext context) {
		this.outgoing = outgoing;
		this.incoming = incoming;
		this.context = context;
	}

	@EventListener
	void ended(FdEvent.ConnectionEnded event) {
		if (event.socket().equals(TakeoverEnvironmentPostProcessor.NAME)) {
			this.outgoing.disconnected(event.connection());
		}
	}

	/**
	 * Before the sockets are closed.
	 */
	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void stopping(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.incoming.abandon();
			this.outgoing.stopping();
		}
	}

}
