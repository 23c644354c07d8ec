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

package io.github.fdbroker.takeover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;

/**
 * A part of the application that accepts connections, and passes its listening sockets to
 * the process that takes over.
 */
public interface TakeoverParticipant {

	/**
	 * In the old process: duplicate the listening sockets.
	 * @return the duplicates, which the caller has to close
	 */
	List<PassedSocket> sockets();

	/**
	 * In the new process: claim the sockets, and do all else that may fail, without
	 * accepting connections from them.
	 * @param passed the sockets of the old process
	 */
	void prepare(PassedSockets passed);

	/**
	 * In the new process: accept connections.
	 */
	void serve();

	/**
	 * In the new process: become the owner of what the old process has released.
	 */
	void own();

	/**
	 * In the old process: accept no more connections, and leave the sockets to the new
	 * process. Connections are served on.
	 */
	void release();

	/**
	 * In the old process, after {@link #release()}: accept connections again.
	 */
	void takeBack();

	/**
	 * In the old process, after {@link #release()}: return how many connections are not
	 * finished yet.
	 * @return the number
	 */
	int connections();

	/**
	 * In the old process, after {@link #release()}: give up connections that wait for a
	 * further request, and that the new process can go on with.
	 * @param max how many at most
	 * @return the connections, which the caller has to close
	 */
	List<PassedSocket> takeIdle(int max);

	/**
	 * In the old process, after {@link #release()}: no connections are taken any more,
	 * and each ends with its next response.
	 */
	void keepIdle();

	/**
	 * Go on with a connection that {@link #takeIdle} gave up.
	 * @param connection the connection, which this participant closes
	 * @return {@code false} if it belongs to another participant
	 */
	boolean adoptIdle(PassedSocket connection);

	/**
	 * A socket on its way to another process.
	 *
	 * @param name what the socket is called in both processes
	 * @param descriptor the socket
	 */
	record PassedSocket(String name, OwnedFd descriptor) {

		/**
		 * Take the sockets of a message.
		 */
		static List<PassedSocket> of(FdMessage message) {
			return message.attachments()
				.stream()
				.map((attachment) -> new PassedSocket(String.valueOf(attachment.name()),
						attachment.descriptor().into(OwnedFd.class)))
				.toList();
		}

		/**
		 * Collect sockets. If some cannot be had, those before them are closed.
		 * @param <T> the type of the parts
		 * @param parts what has the sockets
		 * @param sockets returns the sockets of a part, which belong to the caller
		 * @return the sockets, which the caller has to close
		 */
		public static <T> List<PassedSocket> collect(Collection<T> parts, Function<T, List<PassedSocket>> sockets) {
			List<PassedSocket> collected = new ArrayList<>();
			try {
				parts.forEach((part) -> collected.addAll(sockets.apply(part)));
				return collected;
			}
			catch (RuntimeException | Error ex) {
				collected.forEach((socket) -> socket.descriptor().close());
				throw ex;
			}
		}

		/**
		 * Duplicate sockets.
		 */
		static List<PassedSocket> duplicates(List<PassedSocket> sockets) {
			return collect(sockets, (socket) -> List.of(new PassedSocket(socket.name(), socket.descriptor().dup())));
		}

		/**
		 * Put sockets into a message, which they are given away with.
		 */
		static OutgoingFdMessage message(List<PassedSocket> sockets) {
			OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();
			sockets.forEach((socket) -> message.descriptor(socket.name(), socket.descriptor()));
			return message.build();
		}

	}

}
