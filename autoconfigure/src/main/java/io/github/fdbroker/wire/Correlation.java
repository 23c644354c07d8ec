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
 * How a format assigns replies to requests.
 */
public enum Correlation {

	/**
	 * By number: a reply has the number of its request, so replies may have any order.
	 * Each request gets a reply, which may be empty or an error.
	 */
	BY_ID,

	/**
	 * By order: replies have the order of their requests. Each request gets a reply,
	 * which may be an error.
	 */
	BY_ORDER,

	/**
	 * By agreement: any message may be a request, and the next one its reply. The only
	 * way to report a failure is to end the connection.
	 */
	NONE;

	/**
	 * Return whether replies have the number of their request.
	 * @return {@code true} if they do
	 */
	public boolean areById() {
		return this == BY_ID;
	}

	/**
	 * Return whether each request gets a reply, an error if it fails.
	 * @return {@code false} if only what a method returns is sent
	 */
	public boolean repliesToAll() {
		return this != NONE;
	}

}
