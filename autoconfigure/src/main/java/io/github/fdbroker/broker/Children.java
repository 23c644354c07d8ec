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

package io.github.fdbroker.broker;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdChild;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.socket.ChildProcess;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.MessageConnection;

/**
 * Starts children, and has those whose connections are open.
 */
final class Children {

	private final Function<String, ChildSettings> settings;

	private final Transport transport;

	private final Messenger messenger;

	private final Set<FdChild> open = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	Children(Function<String, ChildSettings> settings, Transport transport, Messenger messenger) {
		this.settings = settings;
		this.transport = transport;
		this.messenger = messenger;
	}

	FdChild start(String name, ProcessBuilder command, FdChild.@Nullable Handler handler) {
		Assert.hasText(name, "'name' must not be empty");
		if (this.closed) {
			throw new FdConnectException("The broker is closed");
		}
		ChildSettings child = this.settings.apply(name);
		try {
			return serve(child, ChildProcess.start(command), handler);
		}
		catch (IOException ex) {
			throw notStarted(name, command, ex);
		}
	}

	/**
	 * Close the connections. The processes are left to themselves.
	 */
	void close() {
		this.closed = true;
		this.open.forEach(FdChild::close);
	}

	private FdChild serve(ChildSettings child, ChildProcess started, FdChild.@Nullable Handler handler)
			throws IOException {
		boolean served = false;
		try {
			FdConnection socket = FdConnection.ofPair(
					"child '%s', process %d".formatted(child.name(), started.process().pid()), started.socket(),
					this.transport, child.sendTimeout());
			FdChild result = serve(child, started.process(), socket, handler);
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
			FdChild.@Nullable Handler handler) {
		ChildConnection connection = new ChildConnection(settings,
				new MessageConnection(socket, settings.format().wireFormat(), settings.limits(),
						recipient(settings, handler != null), this.messenger.converters()),
				handler != null);
		StartedChild child = new StartedChild(process, connection, this.messenger, handler != null);
		this.open.add(child);
		try {
			if (handler != null) {
				thread("fd-%s-handler-%d", settings, process,
						new HandlerLoop(child, handler, connection, this.messenger));
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
