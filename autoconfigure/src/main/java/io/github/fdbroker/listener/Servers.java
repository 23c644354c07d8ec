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
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.ConnectionAcceptor;
import io.github.fdbroker.socket.FdServerSocket;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;
import io.github.fdbroker.socket.SharedServerSocket;
import io.github.fdbroker.socket.SingleConnection;

/**
 * Opens the socket of a container, or adopts the sockets that the process inherited under
 * its name.
 */
final class Servers {

	private Servers() {
	}

	/**
	 * Start to serve.
	 * @return the running servers
	 */
	static List<Server> start(ListenerContext context) {
		List<InheritedDescriptor> inherited = context.settings().inherited();
		if (inherited.isEmpty()) {
			return List.of(open(context));
		}
		List<Server> started = new ArrayList<>(inherited.size());
		try {
			inherited.stream()
				.filter(InheritedDescriptor::isAvailable)
				.forEach((descriptor) -> started.add(start(descriptor, context)));
			return List.copyOf(started);
		}
		catch (RuntimeException | Error ex) {
			started.forEach(Server::abort);
			throw ex;
		}
	}

	/**
	 * Serve listening sockets that another process accepts from as well. If one of them
	 * cannot be served, it and those after it are closed.
	 * @param sockets the sockets
	 * @param shared whether a service manager owns their address
	 * @param started receives the running servers
	 */
	static void adopt(ListenerContext context, List<OwnedFd> sockets, boolean shared, Consumer<Server> started) {
		try {
			sockets.forEach((socket) -> started.accept(adopt(context, socket, shared)));
		}
		finally {
			sockets.forEach(OwnedFd::close);
		}
	}

	private static Server adopt(ListenerContext context, OwnedFd adopted, boolean shared) {
		try {
			if (!context.settings().type().isConnected()) {
				return DatagramServer.adopt(context, adopted.detach());
			}
			SocketKind kind = adopted.kind().socket();
			ExecutorService threads = threads(context);
			ConnectionSource source = source((kind != null) ? kind.family() : null, context, threads);
			return AcceptLoop.start(context, acceptor(context.settings(), adopted, shared), source, threads);
		}
		finally {
			adopted.close();
		}
	}

	private static ConnectionAcceptor acceptor(SocketSettings settings, OwnedFd adopted, boolean shared) {
		if (!shared) {
			return FdServerSocket.adopt(settings.path(), adopted.detach());
		}
		try {
			return new SharedServerSocket(settings.name(), adopted.detach());
		}
		catch (IOException ex) {
			throw notServed(settings.name(), ex);
		}
	}

	private static Server open(ListenerContext context) {
		SocketSettings settings = context.settings();
		if (settings.path().isUnknown()) {
			throw new FdConfigurationException(
					("Socket '%s' cannot be opened: it has no path, and neither the service manager nor a process "
							+ "that this one takes over from has passed it")
						.formatted(settings.name()),
					"Set %s, or start this process with the socket".formatted(settings.property("path")));
		}
		if (!settings.type().isConnected()) {
			return DatagramServer.start(context);
		}
		FdServerSocket socket = FdServerSocket.open(settings.path(), settings.file(), settings.backlog(),
				!settings.refuseEarlyDescriptors(), context.services().transport(), settings.messageSocket());
		ExecutorService threads = threads(context);
		return AcceptLoop.start(context, socket, new UnixConnectionSource(context, threads), threads);
	}

	private static Server start(InheritedDescriptor inherited, ListenerContext context) {
		SocketKind kind = inherited.socket();
		requireStream(inherited, kind, context.settings());
		ExecutorService threads = threads(context);
		return AcceptLoop.start(context, acceptor(context.settings().name(), inherited),
				source(kind.family(), context, threads), threads);
	}

	private static void requireStream(InheritedDescriptor inherited, SocketKind kind, SocketSettings settings) {
		if (settings.type().preservesBoundaries()) {
			throw new InheritedDescriptorException(
					("Socket '%s' is configured with type %s, but is to be served on inherited descriptor %d: "
							+ "only stream sockets can be inherited")
						.formatted(settings.name(), settings.type(), inherited.number()));
		}
		if (kind.family() == Family.UNIX
				&& (kind.type() != SocketType.STREAM || !(kind.listening() || kind.connected()))) {
			throw new InheritedDescriptorException(("Descriptor %d, which socket '%s' is to be served on, is %s, "
					+ "but a listening or connected stream socket is required")
				.formatted(inherited.number(), settings.name(), kind));
		}
	}

	private static ConnectionSource source(@Nullable Family family, ListenerContext context, ExecutorService threads) {
		return (family == Family.UNIX) ? new UnixConnectionSource(context, threads)
				: new ForeignConnectionSource(context, threads);
	}

	private static ExecutorService threads(ListenerContext context) {
		return context.services().threads().named(context.threadPrefix());
	}

	private static ConnectionAcceptor acceptor(String name, InheritedDescriptor inherited) {
		try {
			return inherited.socket().listening() ? new SharedServerSocket(name, inherited.claim())
					: new SingleConnection(name, inherited.claim());
		}
		catch (IOException ex) {
			throw notServed(name, ex);
		}
	}

	private static FdException notServed(String name, IOException ex) {
		return new FdException("Socket '" + name + "' cannot be served: " + ex.getMessage(), ex);
	}

}
