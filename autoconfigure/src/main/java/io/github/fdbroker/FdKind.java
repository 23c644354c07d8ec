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

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The kind of a descriptor according to the kernel, not to its sender.
 *
 * @param type the type of file
 * @param access what the descriptor may be used for
 * @param socket what kind of socket it is, or {@code null} for anything else
 */
public record FdKind(Type type, Access access, @Nullable SocketKind socket) {

	/**
	 * Whether bytes can be read.
	 * @return {@code false} only where the kernel says so
	 */
	public boolean isReadable() {
		return this.access != Access.WRITE && this.access != Access.NONE;
	}

	/**
	 * Whether bytes can be written.
	 * @return {@code false} only where the kernel says so
	 */
	public boolean isWritable() {
		return this.access != Access.READ && this.access != Access.NONE;
	}

	@Override
	public String toString() {
		return (this.socket != null) ? this.socket.toString() : this.type.label + this.access.label;
	}

	/**
	 * The types of file, after inode(7).
	 */
	public enum Type {

		/** A regular file or a memfd. */
		FILE("a regular file"),

		/** A directory. */
		DIRECTORY("a directory"),

		/** One end of a pipe, or a FIFO. */
		PIPE("a pipe"),

		/** A socket of any kind. */
		SOCKET("a socket"),

		/** A terminal, {@code /dev/null} and the like. */
		CHARACTER_DEVICE("a character device"),

		/** A disk or partition. */
		BLOCK_DEVICE("a block device"),

		/** A descriptor without a file: epoll, eventfd, pidfd and others. */
		ANONYMOUS("an anonymous descriptor"),

		/** The system does not report it. */
		UNKNOWN("a descriptor of unknown type");

		private final String label;

		Type(String label) {
			this.label = label;
		}

	}

	/**
	 * The access modes of open(2).
	 */
	public enum Access {

		/** {@code O_RDONLY}. */
		READ(", open for reading"),

		/** {@code O_WRONLY}. */
		WRITE(", open for writing"),

		/** {@code O_RDWR}. */
		READ_WRITE(", open for reading and writing"),

		/** {@code O_PATH}: a place in the file system, not usable for input or output. */
		NONE(", open as a path only (O_PATH)"),

		/** The system does not report it. */
		UNKNOWN("");

		private final String label;

		Access(String label) {
			this.label = label;
		}

	}

	/**
	 * The families of sockets that matter here.
	 */
	public enum Family {

		/** {@code AF_UNIX}. */
		UNIX,

		/** {@code AF_INET}. */
		INET,

		/** {@code AF_INET6}. */
		INET6,

		/** Any other. */
		OTHER

	}

	/**
	 * What kind of socket a descriptor is.
	 *
	 * @param family the address family
	 * @param type the type, or {@code null} if it is a rarer one, or the system does not
	 * report it
	 * @param listening whether it accepts connections
	 * @param connected whether it has a peer
	 */
	public record SocketKind(Family family, @Nullable SocketType type, boolean listening, boolean connected) {

		@Override
		public String toString() {
			if (this.type == null) {
				return "a socket of a rare type";
			}
			String state = this.listening ? "listening " : (this.connected ? "connected " : "unconnected ");
			return (state.startsWith("u") ? "an " : "a ") + state + protocol(this.type) + " socket";
		}

		private String protocol(SocketType type) {
			String name = type.name().toLowerCase(Locale.ROOT);
			return switch (this.family) {
				case UNIX -> "UNIX " + name;
				case INET, INET6 -> switch (type) {
					case STREAM -> "TCP";
					case DATAGRAM -> "UDP";
					case SEQPACKET -> "SCTP";
				};
				case OTHER -> "foreign " + name;
			};
		}

	}

}
