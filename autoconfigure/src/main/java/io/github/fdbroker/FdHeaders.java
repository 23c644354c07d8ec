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

package io.github.fdbroker;

/**
 * The names of the headers that the library uses.
 */
public final class FdHeaders {

	/**
	 * The MIME type of the payload.
	 */
	public static final String CONTENT_TYPE = "contentType";

	/**
	 * The simple name of the class that a payload was written from as JSON. It selects
	 * one of several listener methods of a socket. No class of this name is loaded.
	 */
	public static final String PAYLOAD_TYPE = "payload-type";

	/**
	 * The class of an error, in the reply to a request that failed.
	 */
	public static final String ERROR_TYPE = "error-type";

	/**
	 * The status of an error: a negative number. In the format {@code apue}, a message
	 * has either this header or a descriptor.
	 */
	public static final String ERROR_STATUS = "error-status";

	/**
	 * The beginning of the names of headers that a receiver adds. Such headers are
	 * dropped when a peer sends them.
	 */
	public static final String RESERVED_PREFIX = "fdbroker_";

	/**
	 * The address that a datagram was sent from, as in {@link FdSender#address()}. It is
	 * added for listener methods, and is missing if the sender has no address, and on
	 * sockets with connections. A peer cannot set it.
	 */
	public static final String SENDER_ADDRESS = RESERVED_PREFIX + "senderAddress";

	private FdHeaders() {
	}

}
