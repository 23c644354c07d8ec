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

/**
 * The headers of a message as spring-messaging sees them: those that came, and the
 * delivery. Without an id and a timestamp of their own, which take longer to make than a
 * listener method takes to be called.
 */
final class ReceivedHeaders extends MessageHeaders {

	private static final String DELIVERY = "fdbroker_delivery";

	ReceivedHeaders(Delivery delivery) {
		super(null, ID_VALUE_NONE, -1L);
		getRawHeaders().putAll(delivery.message().headers());
		getRawHeaders().put(DELIVERY, delivery);
		String address = delivery.sender().address();
		if (address != null) {
			getRawHeaders().put(FdHeaders.SENDER_ADDRESS, address);
		}
		else if (!delivery.message().headers().isEmpty()) {
			// A peer that sends such a header is not believed.
			getRawHeaders().remove(FdHeaders.SENDER_ADDRESS);
		}
	}

	static Delivery delivery(MessageHeaders headers) {
		Delivery delivery = headers.get(DELIVERY, Delivery.class);
		if (delivery == null) {
			throw new IllegalStateException("This message was not received by a listener of this project");
		}
		return delivery;
	}

}
