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

package io.github.fdbroker.listener;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.PlatformThreads;
import io.github.fdbroker.wire.Correlation;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.ReplyChannel;

/**
 * Serves a socket of another family than {@code AF_UNIX}, which carries no messages. The
 * listener receives each connection, or other socket that the acceptor returns, as a
 * message without a payload and with that one descriptor.
 * <p>
 * Such a message cannot be replied to and has no peer credentials: this process is its
 * sender, and no authorizer is called.
 */
final class ForeignConnectionSource implements ConnectionSource {

	private final ListenerContext context;

	private final Executor threads;

	ForeignConnectionSource(ListenerContext context, Executor threads) {
		this.context = context;
		this.threads = threads;
	}

	@Override
	public ServedConnection accept(ConnectionAcceptor socket, Slot slot) throws IOException {
		DescriptorHandle descriptor = new DescriptorHandle(socket.accept());
		DescriptorLease held = DescriptorLease.connection(this.context.services(), Descriptors.self().uid(),
				"socket '%s'".formatted(socket.name()));
		try {
			held.charge(List.of(descriptor.convertibleBy(held)));
			return new Handoff(FdMessage.of(new byte[0], List.of(descriptor)), held,
					"A connection of socket '" + socket.name() + "'");
		}
		catch (RuntimeException | Error ex) {
			descriptor.close();
			if (ex instanceof FdLimitException) {
				this.context.counters().refused(RejectionReason.LIMIT_EXCEEDED);
			}
			throw ex;
		}
	}

	/**
	 * A connection that is passed to the listener.
	 */
	private final class Handoff implements ServedConnection, ReplyChannel {

		private final FdMessage message;

		private final DescriptorLease held;

		private final String description;

		private final ConnectionRecord record = new ConnectionRecord();

		private final InFlight inFlight = new InFlight(ForeignConnectionSource.this.context,
				new SerialExecutor(ForeignConnectionSource.this.threads), PlatformThreads::run);

		private Handoff(FdMessage message, DescriptorLease held, String description) {
			this.message = message;
			this.held = held;
			this.description = description;
		}

		@Override
		public void run() {
			this.record.messageReceived();
			this.inFlight.deliver(new Envelope(MessageKind.ONE_WAY, 0, this.message),
					FdSender.connected(Descriptors.self()), this);
			this.inFlight.awaitAll();
		}

		@Override
		public ConnectionStatus status() {
			return this.record.status(Descriptors.self(), this.held);
		}

		@Override
		public void drain() {
			// The listener method finishes.
		}

		@Override
		public void abort() {
			this.inFlight.cancel();
		}

		@Override
		public void close() {
			this.message.close();
		}

		@Override
		public Correlation replies() {
			return Correlation.BY_ID;
		}

		@Override
		public void send(OutgoingMessage reply) {
			throw new UnsupportedOperationException("A connection that was handed over has no reply channel");
		}

		@Override
		public void shutdown() {
			// Closing the connection is the reply.
		}

		@Override
		public String toString() {
			return this.description;
		}

	}

}
