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
 * The types of sockets (socket(2)): of those over which descriptors are passed, and of
 * received ones.
 */
public enum SocketType {

	/** {@code SOCK_STREAM}: connections that carry bytes without boundaries. */
	STREAM,

	/** {@code SOCK_SEQPACKET}: connections that keep the boundaries of messages. */
	SEQPACKET,

	/** {@code SOCK_DGRAM}: messages without connections; {@code AF_UNIX} loses none. */
	DATAGRAM;

	/**
	 * Whether a message arrives as it was sent: alone, whole, and also if it is empty.
	 * @return {@code false} for a stream of bytes
	 */
	public boolean preservesBoundaries() {
		return this != STREAM;
	}

	/**
	 * Whether messages travel over connections that are accepted.
	 * @return {@code false} for datagrams
	 */
	public boolean isConnected() {
		return this != DATAGRAM;
	}

}
