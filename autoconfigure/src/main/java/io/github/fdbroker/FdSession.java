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
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A connection to a peer on which messages are sent and received in the order that the
 * protocol of the peer requires: several replies to one request, an acknowledgement of a
 * reply, or a peer that sends first.
 * <p>
 * Messages that one thread sends arrive in that order. In the format {@code raw} on a
 * stream, the data of one read is a message: the peer's writes may arrive in parts or
 * together, so collect the bytes and descriptors of several messages until the protocol
 * says that they are complete. The session stays usable after a timeout.
 * <p>
 * Safe for use by several threads; one at a time can receive.
 */
public interface FdSession extends Closeable {

	/**
	 * Return the credentials of the peer.
	 * @return the credentials
	 */
	PeerCredentials peer();

	/**
	 * Send a message, without a reply.
	 * @param message the message; its descriptors are borrowed
	 * @throws FdConnectException if the connection broke, or is closed
	 * @throws FdTimeoutException if the peer reads nothing for its {@code send-timeout}
	 * @throws FdConversionException if a part of the message cannot be sent
	 * @throws FdLimitException if the message exceeds a limit
	 */
	void send(OutgoingFdMessage message);

	/**
	 * Send a message as a request, which the format {@code frame} distinguishes from
	 * other messages, and receive the next message, for as long as the peer's
	 * {@code reply-timeout}. Further messages that belong to the reply are
	 * {@link #receive() received} afterwards.
	 * @param message the message; its descriptors are borrowed
	 * @return the next message, which the caller has to close
	 * @throws FdRemoteException if the peer replies with an error
	 * @throws FdTimeoutException if no message comes in time
	 * @throws FdConnectException if the peer closes the connection before
	 * @throws FdException as {@link #send}
	 */
	FdMessage request(OutgoingFdMessage message);

	/**
	 * Receive the next message, waiting for it.
	 * @return the message, which the caller has to close, or {@code null} once the peer
	 * has closed the connection, or this session is closed
	 * @throws FdRemoteException if it is an error
	 * @throws FdProtocolException if the bytes received are not a message of the format
	 * @throws FdLimitException if the message exceeds a limit of the peer
	 */
	@Nullable FdMessage receive();

	/**
	 * Receive the next message, waiting for it for a limited time.
	 * @param timeout how long to wait
	 * @return the message, which the caller has to close, or {@code null} once the peer
	 * has closed the connection, or this session is closed
	 * @throws FdTimeoutException if no message comes in time; it can still be received
	 * afterwards
	 * @throws FdException as {@link #receive()}
	 */
	@Nullable FdMessage receive(Duration timeout);

	/**
	 * Close the connection. A thread that receives returns.
	 */
	@Override
	void close();

}
