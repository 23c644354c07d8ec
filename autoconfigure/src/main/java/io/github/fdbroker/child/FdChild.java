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
 * stream socket as descriptor 0; its standard output and standard error are whatever its
 * {@link ProcessBuilder} says, and are read from {@link #process()}.
 * <p>
 * What is sent is borrowed, and messages of one thread arrive in order. The messages that
 * come from the child go to its handler, or else wait to be {@link #receive() received};
 * up to {@code fdbroker.children.<name>.max-pending-messages} of them do, and nothing
 * more is taken from the socket until there is room, replies included.
 * <p>
 * The connection ends when the child ends, whoever else holds its end; messages that it
 * sent before can still be received. {@link #close()} ends the connection and not the
 * process. Safe for use by several threads.
 */
public interface FdChild extends AutoCloseable {

	/**
	 * Return the process, whose end is the caller's business: neither closing this nor
	 * the end of the application ends a process that does not end by itself when its
	 * standard input does.
	 * @return the process; its output stream is not connected to anything
	 */
	Process process();

	/**
	 * Whether messages can be exchanged.
	 * @return {@code false} once the child has ended or closed its end, or this is closed
	 */
	boolean isOpen();

	/**
	 * Start a message to the child. Several threads may wait for replies at a time, and
	 * the child may reply in any order. In a format whose replies do not name their
	 * request, such as {@code raw}, one request waits for the other, and a reply that
	 * takes too long ends the connection.
	 * @return the message to complete and send
	 */
	MessageSpec message();

	/**
	 * Receive the next message, waiting for it. Requests do not come this way but are
	 * refused, in formats that tell them from other messages: they take a handler.
	 * @return the message, which the caller has to close, or {@code null} once the
	 * connection has ended and all that came before was received
	 * @throws IllegalStateException if the child has a handler
	 */
	@Nullable FdMessage receive();

	/**
	 * Receive the next message, waiting for it for a while.
	 * @param timeout how long to wait
	 * @return the message, which the caller has to close, or {@code null} once the
	 * connection has ended and all that came before was received
	 * @throws FdTimeoutException if there was none in that time; the connection goes on
	 * @throws IllegalStateException if the child has a handler
	 */
	@Nullable FdMessage receive(Duration timeout);

	/**
	 * End the connection: the child reads the end of its standard input, requests that
	 * wait for a reply fail, and messages that were not received are dropped.
	 */
	@Override
	void close();

}
