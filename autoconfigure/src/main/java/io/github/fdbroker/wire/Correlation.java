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
 * How the peers of a format know which message replies which.
 */
public enum Correlation {

	/**
	 * By its number: a reply carries that of its request, so that replies come in any
	 * order. Each request is answered, if only with nothing or with an error.
	 */
	BY_ID,

	/**
	 * By its place: replies come in the order of their requests. Each request is
	 * answered, if only with an error.
	 */
	BY_ORDER,

	/**
	 * By agreement: any message may be a request, and what comes next may be its reply.
	 * There is no way to say nothing, or that something failed, other than to end the
	 * connection.
	 */
	NONE;

	/**
	 * Whether replies carry the number of their request, and several messages can travel
	 * together.
	 * @return {@code true} if they do
	 */
	public boolean areById() {
		return this == BY_ID;
	}

	/**
	 * Whether each request is answered, with an error where it failed.
	 * @return {@code false} if only what a method returns is sent
	 */
	public boolean repliesToAll() {
		return this != NONE;
	}

}
