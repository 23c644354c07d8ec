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

package io.github.fdbroker.web.load;

/**
 * How clients use their connections.
 */
public enum LoadMode {

	/** Each request has a connection of its own. */
	CLOSE,

	/** A connection is used again as long as RFC 9112 lets a client do that. */
	KEEPALIVE;

	/**
	 * Return the mode of a connection.
	 * @param modes the modes that the connections have in turn
	 * @param number the number of the connection
	 */
	static LoadMode of(String modes, int number) {
		String[] names = modes.split(",");
		return valueOf(names[number % names.length]);
	}

}
