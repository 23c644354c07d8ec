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

/**
 * The steps of a take-over, in their order.
 */
public enum TakeoverStep {

	/** The new process has connected to the old one, and starts. */
	BEGUN,

	/** The new process has duplicates of the listening sockets. */
	PASSED,

	/** The new process could serve. */
	READY,

	/** The new process accepts connections, as the old one still does. */
	SERVING,

	/**
	 * The old process accepts no more connections, and finishes those that it has.
	 */
	RELEASED,

	/** The old process has nothing left to do, and ends. */
	COMPLETED,

	/** The new process failed before it served; the old one goes on. */
	FAILED,

	/** The new process failed after it served; the old one accepts again. */
	TAKEN_BACK

}
