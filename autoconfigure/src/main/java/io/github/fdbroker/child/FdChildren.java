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

package io.github.fdbroker.child;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.listener.ContainerServices;
import io.github.fdbroker.listener.DescriptorLease;
import io.github.fdbroker.listener.FdListenerContainerFactory;
import io.github.fdbroker.listener.MessageHandling;
import io.github.fdbroker.listener.SocketSettings;
import io.github.fdbroker.socket.ChildProcess;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.MessageConnection;

/**
 * Starts processes with one end of a socketpair(2) as their standard input, and connects
 * to them by the other end. Safe for use by several threads.
 */
public final class FdChildren implements DisposableBean {

	private final Function<String, ChildSettings> settings;

	private final ContainerServices services;

	private final FdListenerContainerFactory handlers;

	private final Messenger messenger;

	private final Set<FdChild> open = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/**
	 * Create an instance.
	 * @param settings the settings of the children of a name
	 * @param services what connections need
	 * @param handlers what prepares handlers
	 * @param messenger makes messages ready to be sent
	 */
	public FdChildren(Function<String, ChildSettings> settings, ContainerServices services,
			FdListenerContainerFactory handlers, Messenger messenger) {
		this.settings = settings;
		this.services = services;
		this.handlers = handlers;
		this.messenger = messenger;
	}

	/**
	 * Start a process. Messages that it sends wait to be received.
	 * @param name the name of the child, for messages and for its settings under
	 * {@code fdbroker.children.<name>}, which need not be there; several processes may
	 * have the same
	 * @param command what to start; its {@code redirectInput} is ignored. The caller must
	 * not use it in another thread meanwhile
	 * @return the process and the connection to it, which the caller has to close; it is
	 * closed with the application too
	 * @throws FdConnectException if the process cannot be started
	 * @throws FdLimitException if this process has no descriptors left
	 */
	public FdChild start(String name, ProcessBuilder command) {
		return start(name, command, (settings) -> null);
	}

	/**
	 * Start a process as {@link #start(String, ProcessBuilder)} does, and let a handler
	 * receive its messages, one after the other in the order they came, on a thread of
	 * their own, so that the handler may itself send requests to the child.
	 * @param name the name of the child
	 * @param command what to start
	 * @param handler the handler
	 * @return the process and the connection to it, which the caller has to close
	 * @throws FdException as {@link #start(String, ProcessBuilder)}
	 */
	public FdChild start(String name, ProcessBuilder command, FdMessageHandler handler) {
		return start(name, command,
				(settings) -> this.handlers.handling(
						SocketSettings.connection(name, settings.format(), settings.limits(), settings.maxPending()),
						handler));
	}

	private FdChild start(String name, ProcessBuilder command,
			Function<ChildSettings, @Nullable MessageHandling> handling) {
		Assert.hasText(name, "'name' must not be empty");
		if (this.closed) {
			throw new FdConnectException("The application is closed");
		}
		ChildSettings child = this.settings.apply(name);
		try {
			return serve(child, ChildProcess.start(command), handling.apply(child));
		}
		catch (IOException ex) {
			throw notStarted(name, command, ex);
		}
	}

	/**
	 * Close the connections. The processes are left to themselves.
	 */
	@Override
	public void destroy() {
		this.closed = true;
		this.open.forEach(FdChild::close);
	}

	private FdChild serve(ChildSettings child, ChildProcess started, @Nullable MessageHandling handling)
			throws IOException {
		boolean served = false;
		try {
			FdConnection socket = FdConnection.ofPair(
					"child '%s', process %d".formatted(child.name(), started.process().pid()), started.socket(),
					this.services.transport(), child.sendTimeout());
			FdChild result = serve(child, started.process(), socket, handling);
			served = true;
			return result;
		}
		finally {
			if (!served) {
				started.process().destroyForcibly();
			}
		}
	}

	private FdChild serve(ChildSettings settings, Process process, FdConnection socket,
			@Nullable MessageHandling handling) {
		DescriptorLease held = DescriptorLease.connection(this.services, socket.peer().uid(), socket.toString());
		ChildConnection connection = new ChildConnection(settings, new MessageConnection(socket,
				settings.format().wireFormat(), settings.limits(), recipient(settings, handling != null), held), held,
				handling != null);
		StartedChild child = new StartedChild(process, connection, this.messenger, handling != null);
		this.open.add(child);
		try {
			if (handling != null) {
				thread("fd-%s-handler-%d", settings, process, new HandlerLoop(connection.inbox(), handling,
						sender(process, socket.peer()), connection.replies()));
			}
			thread("fd-%s-%d", settings, process, () -> {
				connection.receiveAll();
				this.open.remove(child);
			});
		}
		catch (Error ex) {
			this.open.remove(child);
			child.close();
			socket.close();
			throw ex;
		}
		process.onExit().thenRun(connection::drain);
		if (this.closed) {
			child.close();
		}
		return child;
	}

	private static FdSender sender(Process process, PeerCredentials self) {
		return FdSender.connected(new PeerCredentials(process.pid(), self.uid(), self.gid(), List.of()));
	}

	/**
	 * Where messages do not tell what they are, but replies are always given, a child
	 * either asks or is asked.
	 */
	private static DescriptorDemand recipient(ChildSettings settings, boolean handled) {
		return switch (settings.format().wireFormat().replies()) {
			case BY_ORDER -> handled ? DescriptorDemand.TAKES_NO_DESCRIPTOR : DescriptorDemand.AWAITS_ANSWER;
			case BY_ID, NONE -> DescriptorDemand.TAKES_DESCRIPTORS;
		};
	}

	private static void thread(String name, ChildSettings settings, Process process, Runnable task) {
		Thread thread = new Thread(task, name.formatted(settings.name(), process.pid()));
		thread.setDaemon(true);
		thread.start();
	}

	private static FdException notStarted(String name, ProcessBuilder command, IOException ex) {
		String message = "Child '%s' cannot be started by %s: %s".formatted(name, command.command(), ex.getMessage());
		return Errno.isTableFull(ex) ? new FdLimitException(message, ex) : new FdConnectException(message, ex);
	}

}
