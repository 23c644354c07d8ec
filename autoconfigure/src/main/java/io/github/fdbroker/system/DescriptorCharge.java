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

package io.github.fdbroker.system;

/**
 * What a received descriptor is counted against until it is closed or detached.
 */
public interface DescriptorCharge {

	/**
	 * Close descriptors, on this thread or on another one, and count them until they are
	 * closed.
	 * @param count how many descriptors
	 * @param close what closes them, which may block
	 */
	void close(int count, Runnable close);

	/**
	 * End the count of one descriptor, which has another owner now.
	 */
	void end();

}
