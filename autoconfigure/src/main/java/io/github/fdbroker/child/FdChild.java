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

package io.github.fdbroker.child;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.MessageSpec;

/**
 * A process that an {@link FdChildren} started with one end of a socketpair(2) as its
 * standard input, and the connection to it. The child finds a connected {@code AF_UNIX}
 * stream socket as descriptor 0; the {@link ProcessBuilder} determines its standard
 * output and standard error.
 * <p>
 * Descriptors that are sent are borrowed, and messages of one thread arrive in order. The
 * messages of the child are passed to its handler. Without a handler, they wait to be
 * {@link #receive() received}; up to
 * {@code fdbroker.children.<name>.max-pending-messages} of them do, and nothing more is
 * read from the socket until there is room, replies included.
 * <p>
 * The connection ends when the child ends, even if another process still holds the
 * child's end; messages that the child sent before can still be received.
 * {@link #close()} ends the connection but not the process. Safe for use by several
 * threads.
 */
public interface FdChild extends AutoCloseable {

	/**
	 * Return the process. The caller is responsible for ending it: neither
	 * {@link #close()} nor the end of the application does, but the process reads the end
	 * of its standard input then.
	 * @return the process; its output stream is not connected to anything
	 */
	Process process();

	/**
	 * Return whether messages can be exchanged.
	 * @return {@code false} once the child has ended or closed its end, or this is closed
	 */
	boolean isOpen();

	/**
	 * Start a message to the child. Several threads may wait for replies at a time, and
	 * the child may reply in any order. In formats whose replies have no number, such as
	 * {@code raw}, requests take turns, and a reply that takes too long ends the
	 * connection.
	 * @return the message to complete and send
	 */
	MessageSpec message();

	/**
	 * Receive the next message, waiting for it. Requests of the child are refused in
	 * formats that distinguish them from other messages; they require a handler.
	 * @return the message, which the caller has to close, or {@code null} once the
	 * connection has ended and all that came before was received
	 * @throws IllegalStateException if the child has a handler
	 */
	@Nullable FdMessage receive();

	/**
	 * Receive the next message, waiting for it for a limited time.
	 * @param timeout how long to wait
	 * @return the message, which the caller has to close, or {@code null} once the
	 * connection has ended and all that came before was received
	 * @throws FdTimeoutException if no message comes in time; the connection stays open
	 * @throws IllegalStateException if the child has a handler
	 */
	@Nullable FdMessage receive(Duration timeout);

	/**
	 * End the connection. The child reads the end of its standard input, requests that
	 * wait for a reply fail, and messages that were not received are dropped.
	 */
	@Override
	void close();

}
