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

package io.github.fdbroker.socket;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OwnedFd;

/**
 * Accepts the connections of one socket.
 */
public interface ConnectionAcceptor extends Closeable {

	/**
	 * Return the name of the socket in the configuration.
	 * @return the name
	 */
	String name();

	/**
	 * Wait for a connection.
	 * @return the connection, which the caller has to close
	 * @throws IOException if there is none, because this was closed or no descriptor is
	 * free
	 */
	FileDescriptor accept() throws IOException;

	/**
	 * Wait for a connection that carries messages.
	 * @param transport the transport for bytes and descriptors
	 * @param settings how it will be used
	 * @return the connection, from which nothing was read yet
	 * @throws IOException if there is none, because this was closed or no descriptor is
	 * free
	 */
	default FdConnection accept(Transport transport, MessageSocketSettings settings) throws IOException {
		return FdConnection.of("socket '" + name() + "'", accept(), transport, settings);
	}

	/**
	 * Have further connections take descriptors or none, until
	 * {@link FdConnection#allowDescriptors()} ({@code SO_PASSRIGHTS}, Linux 6.16).
	 * @param pass whether they take descriptors
	 * @return {@code false} if the system cannot do that, or the socket is not this
	 * process's alone
	 */
	default boolean passDescriptors(boolean pass) {
		return false;
	}

	/**
	 * Duplicate the listening socket, for another process to accept from.
	 * @return the duplicate, which the caller has to close, or {@code null} if this
	 * socket does not listen
	 * @throws IllegalStateException if this is closed
	 */
	default @Nullable OwnedFd duplicate() {
		return null;
	}

	/**
	 * Whether there may be further connections.
	 * @return {@code false} once closed
	 */
	boolean isOpen();

	/**
	 * Accept no more connections, and wake the threads that wait for one.
	 */
	@Override
	void close();

	/**
	 * Accept no more connections, wake the threads that wait for one, and leave the
	 * address to the other holders of the socket.
	 */
	default void release() {
		close();
	}

	/**
	 * Become the owner of the address of a socket that was adopted, and that its former
	 * owner has released.
	 */
	default void bind() {
		// The service manager owns it.
	}

}
