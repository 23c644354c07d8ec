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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;

/**
 * System calls on a descriptor of any kind.
 */
public final class Descriptors {

	private Descriptors() {
	}

	/**
	 * Duplicate a descriptor (dup(2)), with close-on-exec set.
	 * @param descriptor the descriptor
	 * @return a new descriptor, which the caller has to close
	 * @throws FdLimitException if the process can open no more
	 * @throws IOException if the descriptor is not open
	 */
	public static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		try {
			return Kernel.calls().duplicate(descriptor);
		}
		catch (IOException ex) {
			if (Errno.isTableFull(ex)) {
				throw new FdLimitException("This process has as many descriptors open as RLIMIT_NOFILE allows: "
						+ "raise it (ulimit -n, LimitNOFILE=)", ex);
			}
			throw ex;
		}
	}

	/**
	 * Close a descriptor (close(2)), and do nothing else: a socket is not shut down. A
	 * failure is not reported, because the descriptor is closed in any case.
	 * @param descriptor the descriptor; it is invalid from then on
	 */
	public static void close(FileDescriptor descriptor) {
		FileDescriptors.close(descriptor);
	}

	/**
	 * Close several descriptors.
	 * @param descriptors the descriptors
	 */
	public static void close(Iterable<FileDescriptor> descriptors) {
		descriptors.forEach(Descriptors::close);
	}

	/**
	 * Return a descriptor's number.
	 * @param descriptor the descriptor
	 * @return the number, -1 if it is closed
	 */
	public static int number(FileDescriptor descriptor) {
		return FileDescriptors.number(descriptor);
	}

	/**
	 * Copy the number of a descriptor into a new object. Only one of the two objects may
	 * be used to close it.
	 * @param descriptor the descriptor
	 * @return another object for the same descriptor
	 */
	public static FileDescriptor alias(FileDescriptor descriptor) {
		return FileDescriptors.of(FileDescriptors.number(descriptor));
	}

	/**
	 * Shut down a socket (shutdown(2)), for all processes that hold it.
	 * @param descriptor the socket
	 * @param input whether nothing more is to be read
	 * @param output whether nothing more is to be written
	 * @throws IOException if that fails
	 */
	public static void shutdown(FileDescriptor descriptor, boolean input, boolean output) throws IOException {
		Kernel.calls()
			.shutdown(descriptor, input ? (output ? SystemCalls.SHUT_RDWR : SystemCalls.SHUT_RD) : SystemCalls.SHUT_WR);
	}

	/**
	 * Accept a connection (accept4(2)) of any family, with close-on-exec set.
	 * @param listening the listening socket
	 * @return the connection, which the caller has to close; not
	 * {@linkplain FileDescriptor#valid() valid} if the socket does not block and there is
	 * none
	 * @throws IOException if that fails
	 */
	public static FileDescriptor accept(FileDescriptor listening) throws IOException {
		return Kernel.calls().accept(listening);
	}

	/**
	 * Set or clear {@code O_NONBLOCK}, for all descriptors of the open file description.
	 * @param descriptor the descriptor
	 * @param blocking whether calls block
	 * @throws IOException if that fails
	 */
	public static void configureBlocking(FileDescriptor descriptor, boolean blocking) throws IOException {
		Kernel.calls().configureBlocking(descriptor, blocking);
	}

	/**
	 * Make the number of a descriptor refer to a new unconnected socket (dup2(2)). A
	 * class that shuts its socket down when it is closed then affects no connection.
	 * @param descriptor the descriptor; what it referred to loses one reference
	 * @throws IOException if that fails
	 */
	public static void detachConnection(FileDescriptor descriptor) throws IOException {
		FileDescriptor dummy = Kernel.calls().socket(SocketType.STREAM);
		try {
			Kernel.calls().replace(dummy, alias(descriptor));
		}
		finally {
			close(dummy);
		}
	}

	/**
	 * Make the number of one descriptor refer to what another one refers to (dup2(2)),
	 * and close the other.
	 * @param descriptor the descriptor to move; invalid from then on
	 * @param target the descriptor that takes its place
	 * @throws IOException if that fails; the descriptor is then as it was
	 */
	public static void move(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		Kernel.calls().replace(descriptor, target);
		close(descriptor);
	}

	/**
	 * Return what kind of socket a descriptor is.
	 * @param descriptor a socket
	 * @return the kind
	 * @throws IOException if that fails
	 */
	public static SocketKind socketKind(FileDescriptor descriptor) throws IOException {
		return Kernel.calls().socketKind(descriptor);
	}

	/**
	 * Return a socket's own address (getsockname(2)) or its peer's (getpeername(2)).
	 * @param descriptor the socket
	 * @param peer whether the peer's address is wanted
	 * @return an {@link InetSocketAddress} or {@link java.net.UnixDomainSocketAddress},
	 * or {@code null} if there is none
	 * @throws IOException if that fails
	 */
	public static @Nullable SocketAddress address(FileDescriptor descriptor, boolean peer) throws IOException {
		byte[] name = Kernel.calls().name(descriptor, peer);
		return (name != null) ? KernelAddress.decode(ByteBuffer.wrap(name)) : null;
	}

	/**
	 * Return the credentials that the kernel reports for this process itself.
	 * @return this process's pid, and its effective uid and gid when first asked
	 */
	public static PeerCredentials self() {
		return Kernel.self();
	}

	/**
	 * Return the credentials of a connection's peer ({@code SO_PEERCRED}).
	 * @param descriptor an {@code AF_UNIX} connection
	 * @return the credentials
	 * @throws IOException if that fails
	 */
	public static PeerCredentials peerCredentials(FileDescriptor descriptor) throws IOException {
		return Kernel.calls().peerCredentials(descriptor);
	}

	/**
	 * Return what the kernel says a descriptor is.
	 * @param number the number of the descriptor
	 * @return the kind
	 */
	public static FdKind kind(int number) {
		return DescriptorInspector.inspect(FileDescriptors.of(number));
	}

	/**
	 * Return what the kernel calls the file, socket or pipe of a descriptor.
	 * @param number the number of the descriptor
	 * @return the name, as {@code /proc/self/fd} shows it, without control characters
	 */
	public static String target(int number) {
		try {
			return PrintableText.escape(Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString());
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	/**
	 * Convert an id, which the system reports as a signed 32-bit number.
	 */
	public static long unsigned(long id) {
		return id & 0xffffffffL;
	}

}
