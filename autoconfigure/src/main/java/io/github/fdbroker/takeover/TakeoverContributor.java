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

package io.github.fdbroker.takeover;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;

/**
 * Passes state of an application to the process that takes over: a payload and
 * descriptors. Each bean of this type is asked in the old process, and the bean of the
 * same name in the new process receives what it contributed.
 * <p>
 * Both calls are made after the new process has started, and before it accepts the first
 * connection. The old process still serves, and may go on to do so if the new one fails:
 * what was contributed stays valid there. A contributor that throws in the old process
 * contributes nothing; one that throws in the new process ends the take-over, and the old
 * process goes on.
 */
public interface TakeoverContributor {

	/**
	 * Return what the new process is to have.
	 * @return the message, whose descriptors are given away and closed once they were
	 * sent; {@code null} for nothing
	 */
	@Nullable OutgoingFdMessage contribute();

	/**
	 * Receive what the old process contributed. Not called if it contributed nothing, or
	 * there is no old process.
	 * @param contribution the message; descriptors that were not taken are closed when
	 * this returns
	 */
	void restore(FdMessage contribution);

}
