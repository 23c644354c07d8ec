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

package io.github.fdbroker.broker;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;

/**
 * The services that messages to all destinations are sent with.
 *
 * @param composer prepares messages for sending
 * @param converters the converters from descriptors to Java types
 * @param advice surrounds sends and requests, or {@code null}
 */
public record Messenger(MessageComposer composer, FdConverters converters, @Nullable SendAdvice advice) {

	/**
	 * Start a message.
	 * @param destination where it goes
	 * @return the message to complete and send
	 */
	public MessageSpec to(Destination destination) {
		return new DestinationMessageSpec(this, destination);
	}

}
