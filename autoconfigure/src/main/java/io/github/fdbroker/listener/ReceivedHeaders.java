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

package io.github.fdbroker.listener;

import org.springframework.messaging.MessageHeaders;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;

/**
 * The headers of a message for spring-messaging: the headers that were sent, and the
 * sender's address. They have no id and no timestamp, because creating these takes longer
 * than calling a listener method.
 */
final class ReceivedHeaders extends MessageHeaders {

	ReceivedHeaders(FdMessage message, FdSender sender) {
		super(null, ID_VALUE_NONE, -1L);
		getRawHeaders().putAll(message.headers());
		if (sender.address() != null) {
			getRawHeaders().put(FdHeaders.SENDER_ADDRESS, sender.address());
		}
	}

}
