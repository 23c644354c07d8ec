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

/**
 * Sends descriptors to the peers configured under {@code fdbroker.peers}, and to child
 * processes that it starts.
 * <p>
 * What is sent is borrowed: the caller keeps its descriptors, may close them as soon as
 * the call returns, and has to. A send hands the whole message to the kernel or throws.
 * <p>
 * The messages that one thread {@link #send sends} to a peer arrive in that order,
 * {@link #sendAsync asynchronously} or not. A request travels on a connection of its own
 * for as long as it takes, and may overtake earlier sends of the same thread. Safe for
 * use by several threads, whose messages never interleave.
 */
public interface FdBroker {

	/**
	 * Send a message that nobody replies.
	 * @param peer the name of the peer
	 * @param message the message; its descriptors are borrowed
	 * @throws FdConnectException if the peer cannot be reached within its
	 * {@code connect-timeout}, or the connection breaks
	 * @throws FdAccessDeniedException if the process at the other end is not one of those
	 * expected
	 * @throws FdConversionException if a part of the message cannot be sent
	 * @throws FdLimitException if the message exceeds a limit
	 */
	void send(String peer, FdMessage message);

	/**
	 * Send a message that nobody replies without waiting for it: for the peer, for a
	 * connection, or for room. What gathers while the connection is busy goes out in one
	 * system call where the format allows that; a message that finds it free goes out at
	 * once.
	 * <p>
	 * The descriptors are borrowed, and the caller may close them as soon as this method
	 * returns; an {@link OwnedFd} is then closed once it was sent, and cannot be taken
	 * before. A payload of bytes must not be changed until the stage is completed.
	 * @param peer the name of the peer
	 * @param message the message; its descriptors are borrowed
	 * @return completed when the kernel has taken the whole message, or exceptionally
	 * with what {@link #send} throws, or with an {@link FdLimitException} if more than
	 * the peer's {@code max-pending-sends} would wait. Its dependent actions run on the
	 * thread that sends to the peer, which they must not block. Cancelling it recalls
	 * nothing.
	 * @throws FdException if there is no such peer
	 */
	CompletionStage<Void> sendAsync(String peer, FdMessage message);

	/**
	 * Send a message and wait for the reply, for as long as the peer's
	 * {@code reply-timeout}.
	 * @param peer the name of the peer
	 * @param message the message; its descriptors are borrowed
	 * @return the reply, which the caller has to close
	 * @throws FdRemoteException if the peer replies with an error
	 * @throws FdTimeoutException if the reply takes too long
	 * @throws FdException as {@link #send}
	 */
	FdMessage request(String peer, FdMessage message);

	/**
	 * Send a message and wait for the reply.
	 * @param peer the name of the peer
	 * @param message the message; its descriptors are borrowed
	 * @param timeout how long to wait for the reply
	 * @return the reply, which the caller has to close
	 * @throws FdRemoteException if the peer replies with an error
	 * @throws FdTimeoutException if the reply takes too long
	 * @throws FdException as {@link #send}
	 */
	FdMessage request(String peer, FdMessage message, Duration timeout);

	/**
	 * Give descriptors away: send them, then close this process's copies. A connection
	 * among them is not shut down, but lives on with its new owner, whatever the class it
	 * was held by does when it is closed. If sending fails, the caller still owns them.
	 * @param peer the name of the peer
	 * @param sources the objects whose descriptors to give away
	 * @throws FdException as {@link #send}
	 */
	void handOver(String peer, Object... sources);

	/**
	 * Start a message to a peer.
	 * @param peer the name of the peer
	 * @return the message to complete
	 */
	MessageSpec to(String peer);

	/**
	 * Start a process with one end of a socketpair(2) as its standard input, and connect
	 * to it by the other end. Messages that it sends wait to be received.
	 * @param name the name of the child, for messages and for its settings under
	 * {@code fdbroker.children.<name>}, which need not be there; several processes may
	 * have the same
	 * @param command what to start; what it says of standard input is not regarded, and
	 * the rest is up to the caller, who must not use it in another thread meanwhile
	 * @return the process and the connection to it, which the caller has to close; this
	 * broker closes it too when it is closed itself
	 * @throws FdConnectException if the process cannot be started
	 * @throws FdLimitException if this process has no descriptors left
	 */
	FdChild start(String name, ProcessBuilder command);

	/**
	 * Start a process as {@link #start(String, ProcessBuilder)} does, and have its
	 * messages handled.
	 * @param name the name of the child
	 * @param command what to start
	 * @param handler what to call with each message that the process sends
	 * @return the process and the connection to it, which the caller has to close
	 * @throws FdException as {@link #start(String, ProcessBuilder)}
	 */
	FdChild start(String name, ProcessBuilder command, FdChild.Handler handler);

	/**
	 * A message to a peer, completed part by part. For use by one thread, once.
	 */
	interface MessageSpec {

		/**
		 * Set the payload.
		 * @param payload an object that a message converter knows: bytes, text, or what
		 * can be written as JSON
		 * @return this message
		 */
		MessageSpec payload(Object payload);

		/**
		 * Set a header.
		 * @param name the name
		 * @param value the value, sent as its text
		 * @return this message
		 */
		MessageSpec header(String name, Object value);

		/**
		 * Add a descriptor.
		 * @param source an object that has one
		 * @return this message
		 */
		MessageSpec descriptor(Object source);

		/**
		 * Add a descriptor with a name that the receiver can pick it by.
		 * @param name the name
		 * @param source an object that has one
		 * @return this message
		 */
		MessageSpec descriptor(String name, Object source);

		/**
		 * Set how long a request waits for its reply, in place of the peer's
		 * {@code reply-timeout}.
		 * @param timeout the time to wait
		 * @return this message
		 */
		MessageSpec timeout(Duration timeout);

		/**
		 * Send the message.
		 * @see FdBroker#send
		 */
		void send();

		/**
		 * Send the message without waiting for it.
		 * @return completed when it was sent
		 * @see FdBroker#sendAsync
		 */
		CompletionStage<Void> sendAsync();

		/**
		 * Send the message and wait for the reply.
		 * @return the reply, which the caller has to close
		 * @see FdBroker#request
		 */
		FdMessage request();

		/**
		 * Send the message, wait for the reply, and take one thing out of it; the rest is
		 * closed.
		 * @param type a type that descriptors convert to, for the first descriptor, which
		 * the result then owns; any other, for the payload
		 * @param <T> the type
		 * @return the descriptor's new owner, or the payload
		 * @see FdBroker#request
		 */
		<T> T request(Class<T> type);

		/**
		 * Send the message, then close this process's copies of its descriptors.
		 * @see FdBroker#handOver
		 */
		void handOver();

	}

}
