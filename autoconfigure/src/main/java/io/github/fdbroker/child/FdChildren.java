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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.listener.ContainerServices;
import io.github.fdbroker.listener.DescriptorLease;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.MessageHandling;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.socket.ChildProcess;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.Traffic;

/**
 * Starts processes with one end of a socketpair(2) as their standard input, and connects
 * to them by the other end. Safe for use by several threads.
 */
public final class FdChildren implements DisposableBean {

	private static final Log logger = LogFactory.getLog(FdChildren.class);

	private final Function<String, ChildSettings> settings;

	private final ContainerServices services;

	private final FdListenerRegistry listeners;

	private final WaitingDescriptors descriptors;

	private final Messenger messenger;

	private final Set<FdChild> open = ConcurrentHashMap.newKeySet();

	/** What was sent and received, by the name for metrics. */
	private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();

	/** The logs, by the name for metrics. */
	private final Map<String, PeerLog> logs = new ConcurrentHashMap<>();

	private volatile boolean closed;

	/**
	 * Create an instance.
	 * @param settings returns the settings of the children of a name
	 * @param services the services that connections share
	 * @param listeners the listener methods for children
	 * @param messenger prepares messages and sends them
	 * @param descriptors counts the descriptors that wait to be sent
	 */
	public FdChildren(Function<String, ChildSettings> settings, ContainerServices services,
			FdListenerRegistry listeners, Messenger messenger, WaitingDescriptors descriptors) {
		this.settings = settings;
		this.services = services;
		this.listeners = listeners;
		this.messenger = messenger;
		this.descriptors = descriptors;
	}

	/**
	 * Start a process. Its messages are passed to the methods with
	 * {@link FdListener#child @FdListener(child = name)}, which are known once all
	 * singleton beans are created. Without such a method, they wait to be received.
	 * @param name the name of the child, for its settings under
	 * {@code fdbroker.children.<name>}, or the defaults, and for exceptions and log
	 * lines; several processes may have the same name
	 * @param command the command to start; its {@code redirectInput} is ignored. The
	 * caller must not use it in another thread meanwhile
	 * @return the process and the connection to it, which the caller has to close. It is
	 * closed with the application, too
	 * @throws FdConnectException if the process cannot be started
	 * @throws FdLimitException if this process has no descriptors left
	 */
	public FdChild start(String name, ProcessBuilder command) {
		return start(name, command, () -> this.listeners.childHandling(name));
	}

	/**
	 * Start a process as {@link #start(String, ProcessBuilder)} does, and pass its
	 * messages to a handler, one after the other, on a thread of their own. The handler
	 * may send requests to the child.
	 * @param name the name of the child
	 * @param command the command to start
	 * @param handler the handler, which is called instead of annotated methods
	 * @return the process and the connection to it, which the caller has to close
	 * @throws FdException as {@link #start(String, ProcessBuilder)}
	 */
	public FdChild start(String name, ProcessBuilder command, FdMessageHandler handler) {
		return start(name, command, () -> this.listeners.childHandling(name, handler));
	}

	private FdChild start(String name, ProcessBuilder command, Supplier<@Nullable MessageHandling> handling) {
		Assert.hasText(name, "'name' must not be empty");
		if (this.closed) {
			throw new FdConnectException("The application is closed");
		}
		ChildSettings child = this.settings.apply(name);
		try {
			return serve(child, ChildProcess.start(command), handling.get());
		}
		catch (IOException ex) {
			throw notStarted(name, command, ex);
		}
	}

	/**
	 * Return what was sent to children and received from them since the application
	 * started.
	 * @param group their name for metrics, see {@link ChildSettings#group()}
	 * @return the messages and descriptors
	 */
	public Traffic traffic(String group) {
		return this.traffic.computeIfAbsent(group, (key) -> new Traffic());
	}

	/**
	 * Close the connections, but do not end the processes.
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
					this.services.transport(), child.messages().sendTimeout());
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
		ChildConnection connection = connection(settings, socket, handling != null);
		StartedChild child = new StartedChild(process, connection, this.messenger, handling != null);
		this.open.add(child);
		try {
			HandlerLoop handler = (handling != null) ? new HandlerLoop(connection.inbox(), handling,
					sender(process, socket.peer()), connection.replies(), log(settings)) : null;
			startThreads(settings, child, connection, handler);
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

	private ChildConnection connection(ChildSettings settings, FdConnection socket, boolean handled) {
		DescriptorLease held = DescriptorLease.connection(this.services, socket.peer().uid(), socket.toString());
		MessageConnection messages = new MessageConnection(socket, settings.messages().wireFormat(),
				settings.messages().limits(), demand(settings, handled), held);
		return new ChildConnection(settings, messages, held, handled, this.descriptors, traffic(settings.group()),
				log(settings));
	}

	private PeerLog log(ChildSettings settings) {
		return this.logs.computeIfAbsent(settings.group(), (key) -> new PeerLog(logger));
	}

	private void startThreads(ChildSettings settings, StartedChild child, ChildConnection connection,
			@Nullable HandlerLoop handler) {
		if (handler != null) {
			thread("fd-%s-handler-%d", settings, child.process(), handler);
		}
		thread("fd-%s-%d", settings, child.process(), () -> {
			connection.receiveAll();
			this.open.remove(child);
		});
	}

	private static FdSender sender(Process process, PeerCredentials self) {
		return FdSender.connected(new PeerCredentials(process.pid(), self.uid(), self.gid(), List.of()));
	}

	/**
	 * If messages do not say whether they are requests, but each request gets a reply,
	 * either the child sends requests or this process does.
	 */
	private static DescriptorDemand demand(ChildSettings settings, boolean handled) {
		return switch (settings.messages().wireFormat().replies()) {
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
