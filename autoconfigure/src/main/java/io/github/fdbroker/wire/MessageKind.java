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
 * The kind of a message.
 */
public enum MessageKind {

	/** A message without a reply. */
	ONE_WAY(1),

	/** A message that expects a reply. */
	REQUEST(2),

	/** The reply to a request. */
	REPLY(3),

	/** The reply to a failed request; its payload is the text of the error. */
	ERROR(4);

	private final byte code;

	MessageKind(int code) {
		this.code = (byte) code;
	}

	/**
	 * Return the number of this kind in a frame.
	 * @return the number
	 */
	byte code() {
		return this.code;
	}

}
