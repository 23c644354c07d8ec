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
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * A server in place of a peer, for tests of applications that send. It keeps the messages
 * that it receives, and replies to requests as it was told to, with an empty reply by
 * default. Closing it closes the descriptors of all messages. Safe for use by several
 * threads.
 */
public final class FdTestServer implements Closeable {

	private static final String SOCKET = "server";

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final EmbeddedBroker broker;

	private final BlockingQueue<FdTestResult> received = new LinkedBlockingQueue<>();

	private final Queue<FdTestResult> results = new ConcurrentLinkedQueue<>();

	private volatile FdMessageHandler reply;

	private FdTestServer(EmbeddedBroker broker, FdMessageHandler reply) {
		this.broker = broker;
		this.reply = reply;
	}

	/**
	 * Start with the path of a socket, whose type is {@code stream} and whose format is
	 * {@code frame}.
	 * @param path the path, at which nobody listens
	 * @return a server to complete and start
	 */
	public static Builder at(Path path) {
		return new Builder(path);
	}

	/**
	 * Set how to reply from now on.
	 * @param reply returns what a listener method may return, or throws what the sender
	 * receives as an error
	 * @return this server
	 */
	public FdTestServer replyWith(FdMessageHandler reply) {
		this.reply = reply;
		return this;
	}

	/**
	 * Return the next message that was received, waiting for it for ten seconds.
	 * @return the message and its sender
	 * @throws AssertionError if none arrives
	 */
	public FdTestResult receive() {
		try {
			FdTestResult next = this.received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			if (next != null) {
				return next;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new AssertionError("No message was received within " + PATIENCE.toSeconds() + " seconds");
	}

	/**
	 * Whether no message waits to be received.
	 * @return {@code true} if none does
	 */
	public boolean isEmpty() {
		return this.received.isEmpty();
	}

	/**
	 * Stop listening, and close the descriptors of all messages that were not taken.
	 */
	@Override
	public void close() {
		this.broker.close();
		this.results.forEach(FdTestResult::close);
	}

	private void listen() {
		this.broker.bean(FdListenerRegistry.class).register(SOCKET, this::handle);
	}

	private @Nullable Object handle(FdMessage message, FdSender sender) throws Exception {
		FdTestResult result = new FdTestResult(FdTest.copy(message, this.broker), null, sender);
		this.results.add(result);
		this.received.add(result);
		return this.reply.handle(message, sender);
	}

	/**
	 * The settings of a server, whose properties are those of
	 * {@code fdbroker.sockets.<name>}. For use by one thread.
	 */
	public static final class Builder extends SocketBuilder<Builder> {

		private FdMessageHandler reply = (message, sender) -> OutgoingFdMessage.builder().build();

		private Builder(Path path) {
			super(new SocketProperties("fdbroker.sockets." + SOCKET + ".", path));
		}

		/**
		 * Set how to reply.
		 * @param reply returns what a listener method may return, or throws what the
		 * sender receives as an error
		 * @return this builder
		 */
		public Builder replyWith(FdMessageHandler reply) {
			this.reply = reply;
			return this;
		}

		/**
		 * Start the server.
		 * @return the server, which the caller has to close
		 */
		public FdTestServer start() {
			FdTestServer server = new FdTestServer(properties().start(), this.reply);
			try {
				server.listen();
				return server;
			}
			catch (RuntimeException | Error ex) {
				server.close();
				throw ex;
			}
		}

	}

}
