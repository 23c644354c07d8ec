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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdServerSocket;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;
import io.github.fdbroker.socket.SharedServerSocket;
import io.github.fdbroker.socket.SingleConnection;

/**
 * The open sockets of one container: the one that it opened, or those that the process
 * was started with under its name.
 */
final class CompositeServer implements Server {

	private final List<Server> sockets = new ArrayList<>(1);

	private CompositeServer() {
	}

	/**
	 * Open the socket, or take over those that are there already, and begin to serve.
	 */
	static CompositeServer start(SocketSettings settings, FdListenerAdapter adapter, ContainerServices services,
			ContainerCounters counters) {
		SenderCredentialsCheck.require(settings, adapter.endpoint(), services.transport());
		CompositeServer started = new CompositeServer();
		try {
			if (settings.inherited().isEmpty()) {
				started.sockets.add(open(settings, adapter, services, counters));
			}
			for (InheritedDescriptor inherited : settings.inherited()) {
				if (inherited.isAvailable()) {
					started.sockets.add(start(inherited, settings, adapter, services, counters));
				}
			}
			return started;
		}
		catch (RuntimeException | Error ex) {
			started.abort();
			throw ex;
		}
	}

	private static Server open(SocketSettings settings, FdListenerAdapter adapter, ContainerServices services,
			ContainerCounters counters) {
		if (!settings.type().isConnected()) {
			return DatagramServer.start(settings, adapter, services, counters);
		}
		FdServerSocket socket = FdServerSocket.open(settings.path(), settings.file(), settings.backlog(),
				!settings.refuseEarlyDescriptors(), services.transport(), settings.messageSocket());
		return SocketServer.start(socket, settings, adapter, services, counters);
	}

	private static Server start(InheritedDescriptor inherited, SocketSettings settings, FdListenerAdapter adapter,
			ContainerServices services, ContainerCounters counters) {
		SocketKind kind = inherited.socket();
		if (settings.type().preservesBoundaries()) {
			throw new InheritedDescriptorException(
					("Socket '%s' is configured with type %s, but is to be served on descriptor %d, which the process was "
							+ "started with: only streams can be taken over")
						.formatted(settings.name(), settings.type(), inherited.number()));
		}
		if (kind.family() == Family.UNIX
				&& (kind.type() != SocketType.STREAM || !(kind.listening() || kind.connected()))) {
			throw new InheritedDescriptorException(("Descriptor %d, which socket '%s' is to be served on, is %s, "
					+ "where a listening or connected stream socket is needed")
				.formatted(inherited.number(), settings.name(), kind));
		}
		ConnectionAcceptor acceptor = acceptor(settings.name(), inherited);
		return (kind.family() == Family.UNIX) ? SocketServer.start(acceptor, settings, adapter, services, counters)
				: HandoffServer.start(acceptor, settings, adapter, services, counters);
	}

	private static ConnectionAcceptor acceptor(String name, InheritedDescriptor inherited) {
		try {
			return inherited.socket().listening() ? new SharedServerSocket(name, inherited.claim())
					: new SingleConnection(name, inherited.claim());
		}
		catch (IOException ex) {
			throw new FdException("Socket '" + name + "' cannot be served: " + ex.getMessage(), ex);
		}
	}

	@Override
	public int connections() {
		return this.sockets.stream().mapToInt(Server::connections).sum();
	}

	@Override
	public boolean isAccepting() {
		return this.sockets.stream().anyMatch(Server::isAccepting);
	}

	@Override
	public CompletableFuture<Void> drain() {
		return CompletableFuture.allOf(this.sockets.stream().map(Server::drain).toArray(CompletableFuture[]::new));
	}

	@Override
	public void abort() {
		this.sockets.forEach(Server::abort);
	}

}
