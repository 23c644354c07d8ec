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

import java.io.FileDescriptor;
import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;

/**
 * System calls on sockets. junixsocket makes each call that a binding does not make
 * itself.
 */
public interface SocketSystemCalls {

	/** Receive nothing more. */
	int SHUT_RD = 0;

	/** Send nothing more. */
	int SHUT_WR = 1;

	/** Neither receive nor send anything more. */
	int SHUT_RDWR = 2;

	/**
	 * Create an {@code AF_UNIX} socket (socket(2)), with close-on-exec set.
	 * @param type the type
	 * @return the socket, which the caller has to close
	 * @throws IOException if the process can open no more descriptors
	 */
	default FileDescriptor socket(SocketType type) throws IOException {
		return JunixsocketSockets.socket(type);
	}

	/**
	 * Create two connected {@code AF_UNIX} sockets (socketpair(2)), with close-on-exec
	 * set.
	 * @param type their type
	 * @return both ends, which the caller has to close
	 * @throws IOException if the process can open no more descriptors
	 */
	default FileDescriptor[] socketPair(SocketType type) throws IOException {
		return JunixsocketSockets.socketPair(type);
	}

	/**
	 * Bind a socket to a path (bind(2)). The mode of the file may be 0666 afterwards, so
	 * the directory must keep other users out until the mode is set.
	 * @param socket the socket
	 * @param path the path
	 * @throws IOException if that fails
	 */
	default void bind(FileDescriptor socket, byte[] path) throws IOException {
		JunixsocketSockets.bind(socket, path);
	}

	/**
	 * Bind a socket to an abstract name (bind(2)).
	 * @param socket the socket
	 * @param name the name with its leading zero; if it is empty, the kernel chooses one
	 * @throws IOException if that fails
	 */
	default void bindAbstract(FileDescriptor socket, byte[] name) throws IOException {
		JunixsocketSockets.bindAbstract(socket, name);
	}

	/**
	 * Have a socket listen (listen(2)).
	 * @param socket the socket
	 * @param backlog how many connections the kernel keeps waiting
	 * @throws IOException if that fails
	 */
	default void listen(FileDescriptor socket, int backlog) throws IOException {
		JunixsocketSockets.listen(socket, backlog);
	}

	/**
	 * Connect a socket (connect(2)).
	 * @param socket the socket
	 * @param path the path, or an abstract name with its leading zero
	 * @return {@code false} if the socket does not block and the backlog is full
	 * @throws ErrnoException with ECONNREFUSED if no process listens
	 * @throws IOException if that fails for another reason
	 */
	default boolean connect(FileDescriptor socket, byte[] path) throws IOException {
		return JunixsocketSockets.connect(socket, path);
	}

	/**
	 * Shut down a socket (shutdown(2)), for all processes that hold it.
	 * @param socket the socket
	 * @param how {@link #SHUT_RD}, {@link #SHUT_WR} or {@link #SHUT_RDWR}
	 * @throws IOException if that fails
	 */
	default void shutdown(FileDescriptor socket, int how) throws IOException {
		JunixsocketSockets.shutdown(socket, how);
	}

	/**
	 * Return the address of a socket as the {@code sockaddr} of the kernel.
	 * @param socket the socket
	 * @param peer whether to return the address of the peer (getpeername(2)) instead of
	 * its own (getsockname(2))
	 * @return the address, or {@code null} if there is none
	 * @throws IOException if that fails
	 */
	default byte @Nullable [] name(FileDescriptor socket, boolean peer) throws IOException {
		return JunixsocketSockets.name(socket, peer);
	}

	/**
	 * Return how many bytes can be received ({@code SIOCINQ}, see unix(7)).
	 * @param socket the socket
	 * @return the number of bytes
	 * @throws IOException if that fails
	 */
	default int available(FileDescriptor socket) throws IOException {
		return JunixsocketSockets.available(socket);
	}

	/**
	 * Limit how long a send waits for room ({@code SO_SNDTIMEO}, see socket(7)).
	 * @param socket the socket
	 * @param millis the limit, 0 for none
	 * @throws IOException if that fails
	 */
	default void setSendTimeout(FileDescriptor socket, int millis) throws IOException {
		JunixsocketSockets.setSendTimeout(socket, millis);
	}

	/**
	 * Limit how long a receive waits ({@code SO_RCVTIMEO}, see socket(7)).
	 * @param socket the socket
	 * @param millis the limit, 0 for none
	 * @throws IOException if that fails
	 */
	default void setReceiveTimeout(FileDescriptor socket, int millis) throws IOException {
		JunixsocketSockets.setReceiveTimeout(socket, millis);
	}

}
