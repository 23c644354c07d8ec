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

import java.util.List;

import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;

/**
 * A handler, with the conditions for the messages that it handles.
 *
 * @param description the name of the handler in exceptions and logs
 * @param headers the conditions that a message must meet
 * @param payloadType the simple name of the class that the payload is converted to, empty
 * for bytes, text or none
 * @param handler the handler
 */
record Route(String description, List<HeaderCondition> headers, String payloadType, DeliveryHandler handler) {

	/**
	 * Whether the headers of a message meet the conditions.
	 */
	boolean matches(FdMessage message) {
		for (HeaderCondition condition : this.headers) {
			if (!condition.matches(message.headers())) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether the payload of a message is of the type.
	 */
	boolean matchesType(FdMessage message) {
		return this.payloadType.equals(message.headers().getOrDefault(FdHeaders.PAYLOAD_TYPE, ""));
	}

	/**
	 * Whether a message could match both routes.
	 */
	boolean overlaps(Route other) {
		return this.payloadType.equals(other.payloadType)
				&& this.headers.stream().noneMatch((condition) -> other.headers.stream().anyMatch(condition::excludes));
	}

	@Override
	public String toString() {
		return this.description;
	}

}
