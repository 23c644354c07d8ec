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

package io.github.fdbroker.convert;

import java.util.function.Predicate;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.FdKind.Type;
import io.github.fdbroker.SocketType;

/**
 * The kind of descriptor that a Java type requires.
 */
enum Requirement {

	/** Any descriptor. */
	NONE("a descriptor", (kind) -> true),

	/** A descriptor that supports read(2). */
	READABLE("something to read from", (kind) -> kind.isReadable() && isByteStream(kind)),

	/** A descriptor that supports write(2). */
	WRITABLE("something to write to", (kind) -> kind.isWritable() && isByteStream(kind)),

	/** A file with an offset. */
	FILE("a regular file or a device", (kind) -> kind.access() != FdKind.Access.NONE && switch (kind.type()) {
		case FILE, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> true;
		default -> false;
	}),

	/** A readable file with an offset. */
	READABLE_FILE("a regular file or a device to read from", (kind) -> FILE.test.test(kind) && kind.isReadable()),

	/** The read end of a pipe. */
	PIPE_SOURCE("the end of a pipe to read from", (kind) -> isPipe(kind) && kind.isReadable()),

	/** The write end of a pipe. */
	PIPE_SINK("the end of a pipe to write to", (kind) -> isPipe(kind) && kind.isWritable()),

	/** A connection. */
	CONNECTION("a connected stream socket",
			(kind) -> isSocket(kind, SocketType.STREAM) && !isListening(kind) && isConnected(kind)),

	/** A socket that accepts connections. */
	LISTENING("a listening socket", (kind) -> isSocket(kind, SocketType.STREAM) && isListening(kind)),

	/** A connection that {@code java.net} supports. */
	TCP_CONNECTION("a connected TCP socket", (kind) -> CONNECTION.test.test(kind) && !isFamily(kind, Family.UNIX)),

	/** A listening socket that {@code java.net} supports. */
	TCP_LISTENING("a listening TCP socket", (kind) -> LISTENING.test.test(kind) && !isFamily(kind, Family.UNIX)),

	/** A UDP socket. */
	DATAGRAM("a UDP socket", (kind) -> isSocket(kind, SocketType.DATAGRAM) && !isFamily(kind, Family.UNIX));

	private final String description;

	private final Predicate<FdKind> test;

	Requirement(String description, Predicate<FdKind> test) {
		this.description = description;
		this.test = test;
	}

	/**
	 * Check a descriptor.
	 * @throws FdConversionException if it does not meet this requirement
	 */
	void check(FdKind kind, Class<?> type) {
		if (!this.test.test(kind)) {
			throw new FdConversionException("A %s requires %s, but the descriptor is %s".formatted(type.getSimpleName(),
					this.description, kind));
		}
	}

	private static boolean isByteStream(FdKind kind) {
		return kind.type() != Type.DIRECTORY && !isListening(kind);
	}

	private static boolean isPipe(FdKind kind) {
		return kind.type() == Type.PIPE || kind.type() == Type.UNKNOWN;
	}

	private static boolean isSocket(FdKind kind, SocketType type) {
		SocketKind socket = kind.socket();
		return kind.type() == Type.UNKNOWN || (socket != null && socket.type() == type);
	}

	private static boolean isFamily(FdKind kind, Family family) {
		SocketKind socket = kind.socket();
		return socket != null && socket.family() == family;
	}

	private static boolean isListening(FdKind kind) {
		SocketKind socket = kind.socket();
		return socket != null && socket.listening();
	}

	private static boolean isConnected(FdKind kind) {
		SocketKind socket = kind.socket();
		return socket == null || socket.connected();
	}

}
