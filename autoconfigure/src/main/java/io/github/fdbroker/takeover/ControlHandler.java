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

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.listener.ConnectionStatus;

/**
 * Handles the requests on the control socket.
 */
public final class ControlHandler implements FdMessageHandler {

	/** How long a request waits for connections to become idle. */
	private static final int FINISH_MILLIS = 500;

	private static final int PAUSE_MILLIS = 2;

	private final OutgoingTakeover takeover;

	private final Supplier<List<ConnectionStatus>> connections;

	/**
	 * Create a handler.
	 * @param takeover what the requests are about
	 * @param connections returns the connections of the control socket
	 */
	public ControlHandler(OutgoingTakeover takeover, Supplier<List<ConnectionStatus>> connections) {
		this.takeover = takeover;
		this.connections = connections;
	}

	@Override
	public Object handle(FdMessage message, FdSender sender) throws IOException, InterruptedException {
		ControlMessage request = ControlMessage.of(message);
		if (request == null) {
			return ControlMessage.refusal("it knows no such request");
		}
		OtherProcess process = process(sender);
		return switch (request) {
			case LAUNCH -> launch();
			case BEGIN -> this.takeover.begin(process, connection(process));
			case FINISH -> finish(process);
			default -> this.takeover.step(request, ControlMessage.subject(message), process);
		};
	}

	private static OtherProcess process(FdSender sender) {
		PeerCredentials credentials = sender.credentials();
		return new OtherProcess((credentials != null) ? credentials.pid() : 0);
	}

	/**
	 * A process that begins has just connected.
	 */
	private long connection(OtherProcess process) {
		return this.connections.get()
			.stream()
			.filter((connection) -> connection.peer().pid() == process.pid())
			.mapToLong(ConnectionStatus::id)
			.max()
			.orElse(0);
	}

	private CompletableFuture<OutgoingFdMessage> launch() throws IOException {
		return this.takeover.launch().outcome().handle(ControlHandler::reply);
	}

	private static OutgoingFdMessage reply(@Nullable String outcome, @Nullable Throwable failure) {
		return (failure != null) ? ControlMessage.refusal(String.valueOf(failure.getMessage()))
				: OutgoingFdMessage.of(String.valueOf(outcome));
	}

	/**
	 * Wait for idle connections, or for the end of all.
	 */
	private OutgoingFdMessage finish(OtherProcess process) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FINISH_MILLIS);
		OutgoingFdMessage reply = null;
		while (reply == null) {
			reply = this.takeover.tryFinish(process, System.nanoTime() - end > 0);
			if (reply == null) {
				Thread.sleep(PAUSE_MILLIS);
			}
		}
		return reply;
	}

}
