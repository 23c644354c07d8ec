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

import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.PeerCredentials;

/**
 * System calls, as one binding makes them. {@link Kernel} has the binding that was chosen
 * for this process. junixsocket makes each call that a binding does not make itself. Safe
 * for use by several threads.
 */
public interface SystemCalls extends SocketSystemCalls {

	/** There is something to receive, or a connection to accept. */
	int OP_READ = 1;

	/** There is room to send. */
	int OP_WRITE = 4;

	/** What {@link #poll} reports for POLLERR, POLLHUP and POLLNVAL. */
	int OP_INVALID = 128;

	/**
	 * Close a descriptor (close(2)) that no {@link FileDescriptor} was made for. A
	 * failure is not reported: the number is free in any case.
	 * @param number the number
	 */
	void close(int number);

	/**
	 * Close consecutive numbers (close_range(2)), as {@link #close(int)} closes each of
	 * them. The caller owns all of them.
	 * @param first the first number
	 * @param last the last number
	 */
	default void closeRange(int first, int last) {
		for (int number = first; number <= last; number++) {
			close(number);
		}
	}

	/**
	 * Duplicate a descriptor (dup(2)), with close-on-exec set.
	 * @param descriptor the descriptor
	 * @return a new descriptor, which the caller has to close
	 * @throws IOException if the descriptor is not open, or the process can open no more
	 */
	FileDescriptor duplicate(FileDescriptor descriptor) throws IOException;

	/**
	 * Make the number of a descriptor refer to what another one refers to (dup3(2)), with
	 * close-on-exec set.
	 * @param descriptor the descriptor to refer to
	 * @param target the number; the file that it referred to loses one reference
	 * @throws IOException if that fails
	 */
	void replace(FileDescriptor descriptor, FileDescriptor target) throws IOException;

	/**
	 * Set close-on-exec.
	 * @param descriptor the descriptor
	 * @throws IOException if the descriptor is not open
	 */
	default void setCloseOnExec(FileDescriptor descriptor) throws IOException {
		JunixsocketDescriptors.setCloseOnExec(descriptor);
	}

	/**
	 * Set or clear {@code O_NONBLOCK}, for all descriptors of the open file description.
	 * @param descriptor the descriptor
	 * @param blocking whether calls block
	 * @throws IOException if that fails
	 */
	default void configureBlocking(FileDescriptor descriptor, boolean blocking) throws IOException {
		JunixsocketDescriptors.configureBlocking(descriptor, blocking);
	}

	/**
	 * Wait for one descriptor (poll(2)).
	 * @param descriptor the descriptor
	 * @param operations {@link #OP_READ}, {@link #OP_WRITE}, both or 0
	 * @param timeoutMillis how long to wait, -1 for no limit
	 * @return the operations that are ready, with {@link #OP_INVALID} for a hang-up or
	 * error
	 * @throws IOException if that fails
	 */
	default int poll(FileDescriptor descriptor, int operations, int timeoutMillis) throws IOException {
		return poll(new FileDescriptor[] { descriptor }, new int[] { operations }, timeoutMillis)[0];
	}

	/**
	 * Wait for one of several descriptors (poll(2)).
	 * @param descriptors the descriptors
	 * @param operations what to wait for with each of them
	 * @param timeoutMillis how long to wait, -1 for no limit
	 * @return what is ready with each of them
	 * @throws IOException if that fails
	 */
	default int[] poll(FileDescriptor[] descriptors, int[] operations, int timeoutMillis) throws IOException {
		return JunixsocketDescriptors.poll(descriptors, operations, timeoutMillis);
	}

	/**
	 * Return the status of an open file (statx(2), fcntl(2)).
	 * @param descriptor the descriptor
	 * @return the status, as far as the system reports it
	 */
	FileStatus status(FileDescriptor descriptor);

	/**
	 * Return what kind of socket a descriptor is.
	 * @param socket a socket
	 * @return the kind
	 * @throws IOException if the system does not report it
	 */
	SocketKind socketKind(FileDescriptor socket) throws IOException;

	/**
	 * Accept a connection (accept4(2)) of any family, with close-on-exec set.
	 * @param listening the listening socket, which stays open also if the call fails
	 * @return the connection, which the caller has to close; not
	 * {@linkplain FileDescriptor#valid() valid} if the socket does not block and there is
	 * none
	 * @throws IOException if that fails
	 */
	FileDescriptor accept(FileDescriptor listening) throws IOException;

	/**
	 * Return the credentials of a connection's peer ({@code SO_PEERCRED}).
	 * @param connection an {@code AF_UNIX} connection
	 * @return the credentials; the supplementary groups only where the binding reads them
	 * @throws IOException if the system does not report it
	 */
	PeerCredentials peerCredentials(FileDescriptor connection) throws IOException;

	/**
	 * Whether the kernel can refuse descriptors that are sent to a socket
	 * ({@code SO_PASSRIGHTS}, Linux 6.16).
	 * @return {@code false} also if the binding cannot set this
	 */
	boolean canRefuseDescriptors();

	/**
	 * Set whether a socket takes descriptors ({@code SO_PASSRIGHTS}). If it does not, a
	 * process that sends some to it gets EPERM. Connections inherit this from the
	 * listening socket.
	 * @param socket the socket
	 * @param pass whether it takes descriptors
	 * @throws IOException if the kernel, or the binding, cannot do that
	 */
	void setPassRights(FileDescriptor socket, boolean pass) throws IOException;

	/**
	 * Whether a socket takes descriptors ({@code SO_PASSRIGHTS}).
	 * @param socket the socket
	 * @return {@code true} also if the kernel, or the binding, does not report it
	 */
	boolean passesRights(FileDescriptor socket);

	/**
	 * Return how much of its send buffer a datagram socket uses. Nobody may send
	 * meanwhile.
	 * @param socket the socket
	 * @return the size and the use
	 * @throws IOException if the system does not report it
	 */
	SendBuffer sendBuffer(FileDescriptor socket) throws IOException;

}
