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

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A message to a peer or a child, completed part by part and then sent by one of its last
 * methods. For use by one thread, once.
 * <p>
 * Descriptors are borrowed: the caller keeps them and remains responsible for closing
 * them, which it may do as soon as one of the last methods returns. Only
 * {@link #handOver()} closes them.
 */
public interface MessageSpec extends MessageParts<MessageSpec> {

	/**
	 * Set how long a request waits for its reply, in place of the {@code reply-timeout}
	 * of the peer or child.
	 * @param timeout the time to wait
	 * @return this message
	 */
	MessageSpec timeout(Duration timeout);

	/**
	 * Send the message, without a reply. The kernel has accepted the whole message when
	 * this returns. A message that the receiver had not read when it ended is lost. Where
	 * the peer is configured to {@code acknowledge}, the listener has finished when this
	 * returns.
	 * @throws FdRemoteException if an acknowledging listener failed, or the receiver has
	 * refused an earlier message and ended the connection; this one was not sent then
	 * @throws FdConnectException if the peer cannot be reached within its
	 * {@code connect-timeout}, or the connection breaks
	 * @throws FdTimeoutException if the receiver reads nothing for the
	 * {@code send-timeout}
	 * @throws FdAccessDeniedException if the process at the other end is not one of those
	 * expected
	 * @throws FdConversionException if a part of the message cannot be sent
	 * @throws FdLimitException if the message exceeds a limit
	 */
	void send();

	/**
	 * Send the message without waiting for the receiver, for a connection or for room.
	 * Messages that gather while the connection is busy go out in one system call where
	 * the format allows that; a message that finds it free goes out at once.
	 * <p>
	 * The descriptors may be closed as soon as this method returns; an {@link OwnedFd} is
	 * then closed once it was sent, and cannot be taken before. A payload of bytes must
	 * not be changed until the stage is completed.
	 * @return completed when the kernel has accepted the whole message, or exceptionally
	 * with what {@link #send} throws, or with an {@link FdLimitException} if more
	 * messages would wait than the limit allows. A message that the receiver had not read
	 * when it ended is lost, although the stage was completed. If the peer is configured
	 * to {@code acknowledge}, the stage is completed when the listener has finished, and
	 * messages may overtake each other. Dependent actions run on the thread that sends,
	 * which they must not block. Cancelling the stage does not recall the message.
	 */
	CompletionStage<Void> sendAsync();

	/**
	 * Send the message and wait for the reply.
	 * @return the reply, which the caller has to close
	 * @throws FdRemoteException if the receiver replies with an error
	 * @throws FdTimeoutException if the reply takes too long
	 * @throws FdException as {@link #send}
	 */
	FdMessage request();

	/**
	 * Send the message without waiting for the receiver, and receive the reply later.
	 * @return completed with the reply, which has to be closed, or exceptionally with
	 * what {@link #request} throws, or with an {@link FdLimitException} if more requests
	 * would wait than the limit allows. The reply is closed if the stage was completed or
	 * cancelled before. Dependent actions run on the thread of the request.
	 */
	CompletionStage<FdMessage> requestAsync();

	/**
	 * Send the message, wait for the reply and read its payload. Descriptors of the reply
	 * are closed.
	 * @param type the type of the payload
	 * @param <T> the type of the payload
	 * @return the payload
	 * @throws FdConversionException if no message converter makes such an object of the
	 * payload
	 * @throws FdException as {@link #request}
	 */
	<T> T requestPayload(Class<T> type);

	/**
	 * Send the message, wait for the reply and read its payload. Descriptors of the reply
	 * are closed.
	 * @param type the type of the payload, with type arguments
	 * @param <T> the type of the payload
	 * @return the payload
	 * @throws FdException as {@link #requestPayload(Class)}
	 */
	<T> T requestPayload(ParameterizedTypeReference<T> type);

	/**
	 * Send the message, wait for the reply and take its first descriptor. Other
	 * descriptors of the reply are closed.
	 * @param type a type that descriptors convert to, as for {@link OwnedFd#into}
	 * @param <T> the type
	 * @return the owner of the descriptor, which the caller has to close
	 * @throws FdConversionException if the reply has no descriptor, or it is not what the
	 * type needs
	 * @throws FdException as {@link #request}
	 */
	<T> T requestDescriptor(Class<T> type);

	/**
	 * Give the descriptors away: send the message, then close this process's copies. A
	 * connection among them is not shut down, and stays open for its new owner. If
	 * sending fails, the caller still owns the descriptors.
	 * @throws FdException as {@link #send}
	 */
	void handOver();

}
