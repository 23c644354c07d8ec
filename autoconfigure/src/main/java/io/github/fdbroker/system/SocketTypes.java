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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;

/**
 * The numbers of socket types, which are the same for Linux and junixsocket.
 */
final class SocketTypes {

	private static final int SOCK_STREAM = 1;

	private static final int SOCK_DGRAM = 2;

	private static final int SOCK_SEQPACKET = 5;

	private SocketTypes() {
	}

	static int number(SocketType type) {
		return switch (type) {
			case STREAM -> SOCK_STREAM;
			case DATAGRAM -> SOCK_DGRAM;
			case SEQPACKET -> SOCK_SEQPACKET;
		};
	}

	/**
	 * Return the type that a number stands for, or {@code null} if it stands for none.
	 */
	static @Nullable SocketType of(int number) {
		return switch (number) {
			case SOCK_STREAM -> SocketType.STREAM;
			case SOCK_DGRAM -> SocketType.DATAGRAM;
			case SOCK_SEQPACKET -> SocketType.SEQPACKET;
			default -> null;
		};
	}

}
