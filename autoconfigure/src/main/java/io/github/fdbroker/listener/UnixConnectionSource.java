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

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.MessageConnection;

/**
 * Accepts the connections of an {@code AF_UNIX} socket, and admits or refuses their
 * peers.
 */
final class UnixConnectionSource implements ConnectionSource {

	private final ListenerContext context;

	private final SocketSettings settings;

	private final Executor threads;

	private final RefusedConnections refused;

	/** An accepted connection for which the transport could not open a descriptor yet. */
	private @Nullable FileDescriptor waiting;

	UnixConnectionSource(ListenerContext context, Executor threads) {
		this.context = context;
		this.threads = threads;
		this.settings = context.settings();
		this.refused = new RefusedConnections(context);
	}

	@Override
	public @Nullable ServedConnection accept(ConnectionAcceptor socket, Slot slot) throws IOException {
		FdConnection connection = connection(socket);
		ServedConnection admitted = admitOrLog(connection, slot);
		if (admitted == null) {
			slot.release();
			this.refused.close(connection, socket);
		}
		return admitted;
	}

	private FdConnection connection(ConnectionAcceptor socket) throws IOException {
		FileDescriptor next = (this.waiting != null) ? this.waiting : socket.accept();
		this.waiting = next;
		try {
			FdConnection connection = connection(socket.name(), next);
			this.waiting = null;
			return connection;
		}
		catch (IOException ex) {
			if (Errno.isTableFull(ex)) {
				throw ex;
			}
			close();
			throw unusable(socket.name(), ex);
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	private static FdConnectException unusable(String name, IOException cause) {
		return new FdConnectException("A connection of socket '%s' is closed, because it cannot be used: %s"
			.formatted(name, cause.getMessage()), cause);
	}

	private FdConnection connection(String name, FileDescriptor accepted) throws IOException {
		return FdConnection.of("socket '" + name + "'", accepted, this.context.services().transport(),
				this.settings.messageSocket(), Descriptors.peerCredentials(accepted));
	}

	@Override
	public void close() {
		if (this.waiting != null) {
			Descriptors.close(this.waiting);
			this.waiting = null;
		}
	}

	private @Nullable ServedConnection admitOrLog(FdConnection connection, Slot slot) {
		try {
			return admit(connection, slot);
		}
		catch (RuntimeException | Error ex) {
			this.context.refusals().failed(connection.peer(), connection + " is closed", ex);
			return null;
		}
	}

	private @Nullable ServedConnection admit(FdConnection connection, Slot slot) {
		if (!this.context.isAllowed(connection.peer())) {
			return refuse(connection, RejectionReason.NOT_ALLOWED,
					"its user is not allowed to connect, see fdbroker.sockets.%s.allow"
						.formatted(this.settings.name()));
		}
		if (!slot.assign(connection.peer().uid())) {
			return refuse(connection, RejectionReason.CONNECTIONS_PER_USER,
					"its user has %d connections already, see fdbroker.sockets.%s.max-connections-per-user"
						.formatted(this.settings.maxConnectionsPerUser(), this.settings.name()));
		}
		return admitted(connection);
	}

	private @Nullable ServedConnection refuse(FdConnection connection, RejectionReason reason, String why) {
		this.context.refusals().refused(reason, connection.peer(), connection + " is refused: " + why);
		return null;
	}

	private ServedConnection admitted(FdConnection connection) {
		if (this.settings.refuseEarlyDescriptors() || this.refused.haveHung()) {
			connection.allowDescriptors();
		}
		DescriptorLease held = DescriptorLease.connection(this.context.services(), connection.peer().uid(),
				connection.toString());
		MessageConnection messages = new MessageConnection(connection, this.settings.format().wireFormat(),
				this.settings.limits(), this.context.adapter().demand(), held);
		return new ListenerConnection(messages, held, this.context, this.threads);
	}

}
