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

import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

import io.github.fdbroker.FdEvent;

/**
 * Publishes events of sockets. An exception of a method that receives one has no effect
 * on the socket.
 *
 * @param publisher publishes the events
 */
record SafeEventPublisher(ApplicationEventPublisher publisher) implements Consumer<FdEvent> {

	private static final Log logger = LogFactory.getLog(SafeEventPublisher.class);

	@Override
	public void accept(FdEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A method that receives events failed on " + event, ex);
		}
	}

}
