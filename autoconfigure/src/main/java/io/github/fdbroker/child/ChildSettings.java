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

package io.github.fdbroker.child;

import io.github.fdbroker.broker.DestinationSettings;

/**
 * The settings of the children of one name.
 *
 * @param group the name for metrics: the name of the children if it is configured, or
 * {@link #OTHER}
 * @param messages how messages are exchanged
 * @param maxPending the maximum number of messages that wait to be received or handled
 */
public record ChildSettings(String group, DestinationSettings messages, int maxPending) {

	/** The group of the children whose name is not configured. */
	public static final String OTHER = "other";

	/**
	 * Return the name of the children.
	 * @return the name
	 */
	public String name() {
		return this.messages.name();
	}

}
