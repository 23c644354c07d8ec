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

package io.github.fdbroker.wire;

/**
 * Who the messages of a connection are for, and what that takes. Formats that do not tell
 * where a message ends, or what it is for, go by this.
 */
public enum DescriptorDemand {

	/** A method that takes no descriptor. */
	TAKES_NO_DESCRIPTOR,

	/** A method that takes descriptors, and messages without one too. */
	TAKES_DESCRIPTORS,

	/** A method that cannot be called without a descriptor. */
	NEEDS_DESCRIPTOR,

	/** Whoever sent a request and waits for the reply. */
	AWAITS_ANSWER

}
