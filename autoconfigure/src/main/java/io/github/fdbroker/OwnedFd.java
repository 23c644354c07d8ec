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

import java.io.Closeable;
import java.io.FileDescriptor;
import java.util.List;

/**
 * An open file descriptor and the responsibility for closing it.
 * <p>
 * A received descriptor belongs to its message, and is closed with it unless it was
 * taken: by {@link #detach()}, by {@link #into(Class)}, or, for the parameter of a
 * listener method, by {@code @Fd(keep = true)}. It stays open when the connection on
 * which it arrived is closed.
 * <p>
 * The open file description, to which a descriptor refers, is shared with the sender and
 * all other holders of a copy: the file offset, {@code O_NONBLOCK} and {@code O_APPEND},
 * locks, and a socket's {@code shutdown} (see open(2)). Neither receiving it nor
 * {@link #into(Class)} changes any of them. A channel waits although {@code O_NONBLOCK}
 * is set; a stream throws an exception if it would have to wait. When a virtual thread
 * waits on one of the JDK's own sockets or pipes, the JDK sets {@code O_NONBLOCK}.
 * <p>
 * An object that the application has to close and that is garbage-collected first is
 * closed then, and reported in the log. Keep a reference to it while its
 * {@link #fileDescriptor()} or {@link #number()} is in use.
 * <p>
 * Safe for use by several threads: it is closed exactly once, and never while it is being
 * sent.
 */
public interface OwnedFd extends Closeable {

	/**
	 * Return the descriptor without giving it away. It stays open until this object is
	 * closed, and must not be closed in another way.
	 * @return the borrowed descriptor
	 * @throws IllegalStateException if this object no longer owns a descriptor
	 */
	FileDescriptor fileDescriptor();

	/**
	 * Return the number of the descriptor without giving it away. It refers to this file
	 * until this object is closed.
	 * @return the number, as system calls and {@code /proc/self/fd} know it
	 * @throws IllegalStateException if this object no longer owns a descriptor
	 */
	int number();

	/**
	 * Return what the kernel says this descriptor is.
	 * @return the kind
	 * @throws IllegalStateException if this object no longer owns a descriptor
	 */
	FdKind kind();

	/**
	 * Give the descriptor to an object of another type, which owns it from then on:
	 * closing that object closes the descriptor. This object is left without one.
	 * @param type a type that a converter exists for, such as
	 * {@link java.io.FileInputStream} or {@link java.nio.channels.SocketChannel}
	 * @param <T> the type
	 * @return the new owner
	 * @throws FdConversionException if the descriptor is not what the type needs; it is
	 * still owned by this object then
	 * @throws IllegalStateException if this object no longer owns a descriptor, or it is
	 * being sent at this moment
	 */
	<T> T into(Class<T> type);

	/**
	 * Duplicate the descriptor. The copy is closed separately, and shares the open file.
	 * @return a new owner of a new descriptor, with close-on-exec set
	 * @throws FdLimitException if the process can open no more descriptors
	 * @throws IllegalStateException if this object no longer owns a descriptor
	 */
	OwnedFd dup();

	/**
	 * Give the descriptor to the caller, which has to close it. This object is left
	 * without one.
	 * @return the descriptor
	 * @throws IllegalStateException if this object no longer owns a descriptor, or it is
	 * being sent at this moment
	 */
	FileDescriptor detach();

	/**
	 * Whether this object still owns its descriptor.
	 * @return {@code false} once closed or taken
	 */
	boolean isOpen();

	/**
	 * Close the descriptor if it is still owned. Closing again does nothing. A descriptor
	 * that is being sent is closed as soon as that is done.
	 */
	@Override
	void close();

	/**
	 * Close descriptors of the same kind of owner, each as {@link #close()} does, with as
	 * few system calls as possible.
	 * @param descriptors the descriptors, which may include this one
	 */
	default void closeAll(List<? extends OwnedFd> descriptors) {
		descriptors.forEach(OwnedFd::close);
	}

}
