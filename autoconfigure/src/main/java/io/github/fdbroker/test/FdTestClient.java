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

package io.github.fdbroker.test;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.fdbroker.FdException;
import io.github.fdbroker.OutgoingFdMessage;

/**
 * A client of a socket, for tests of listener methods. It has one connection, which it
 * opens when it is first used: each failure, also to connect, is the result of the call.
 * Closing the client closes the descriptors of all results. For use by one thread.
 */
public final class FdTestClient implements Closeable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final TestConnection connection;

	private final Queue<FdTestResult> results = new ConcurrentLinkedQueue<>();

	private FdTestClient(TestConnection connection) {
		this.connection = connection;
	}

	/**
	 * Start with the path of a socket, whose type is {@code stream} and whose format is
	 * {@code frame}.
	 * @param path the path
	 * @return a client to complete and open
	 */
	public static Builder to(Path path) {
		return new Builder(path);
	}

	/**
	 * Send a request and receive what comes next, within ten seconds.
	 * @param payload the payload
	 * @param descriptors objects that have a descriptor
	 * @return the reply, an error, or the end of the connection
	 */
	public FdTestResult request(Object payload, Object... descriptors) {
		return request(message(payload, descriptors));
	}

	/**
	 * Send a request and receive what comes next, within ten seconds.
	 * @param message the request
	 * @return the reply, an error, or the end of the connection
	 */
	public FdTestResult request(OutgoingFdMessage message) {
		return add(this.connection.request(message));
	}

	/**
	 * Send a message that nobody replies to.
	 * @param payload the payload
	 * @param descriptors objects that have a descriptor
	 * @return this client
	 * @throws FdException if it cannot be sent
	 */
	public FdTestClient send(Object payload, Object... descriptors) {
		return send(message(payload, descriptors));
	}

	/**
	 * Send a message that nobody replies to.
	 * @param message the message
	 * @return this client
	 * @throws FdException if it cannot be sent
	 */
	public FdTestClient send(OutgoingFdMessage message) {
		this.connection.send(message);
		return this;
	}

	/**
	 * Receive the next message, within ten seconds.
	 * @return the message, an error, or the end of the connection
	 */
	public FdTestResult receive() {
		return add(this.connection.receive(PATIENCE));
	}

	/**
	 * Close the connection, and the descriptors of all results that were not taken.
	 */
	@Override
	public void close() {
		this.results.forEach(FdTestResult::close);
		this.connection.close();
	}

	private FdTestResult add(FdTestResult result) {
		this.results.add(result);
		return result;
	}

	private static OutgoingFdMessage message(Object payload, Object... descriptors) {
		return OutgoingFdMessage.builder().payload(payload).descriptor(List.of(descriptors)).build();
	}

	/**
	 * The settings of a client, whose properties are those of
	 * {@code fdbroker.peers.<name>}. For use by one thread.
	 */
	public static final class Builder extends SocketBuilder<Builder> {

		private long uid = -1;

		private Builder(Path path) {
			super(new SocketProperties(TestConnection.PEER, path));
			property("reply-timeout", PATIENCE);
		}

		/**
		 * Connect from a process of another user, by setpriv(1). Its group has the same
		 * number. The process may search every directory, so that it finds the class path
		 * and the socket, whose mode applies to it. If this process is not the
		 * superuser's, or there is no setpriv, the test is aborted.
		 * @param uid the number of the user
		 * @return this builder
		 */
		public Builder asUser(long uid) {
			this.uid = uid;
			return this;
		}

		/**
		 * Return the client.
		 * @return a client, which the caller has to close
		 */
		public FdTestClient open() {
			return new FdTestClient((this.uid < 0) ? new OwnConnection(properties().start())
					: new ForeignConnection(properties(), this.uid));
		}

	}

}
