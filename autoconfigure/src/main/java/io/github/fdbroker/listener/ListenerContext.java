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

import java.time.Duration;
import java.time.Instant;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.PeerCredentials;

/**
 * The context of the server of one socket.
 *
 * @param settings the settings of the socket
 * @param adapter calls the listener
 * @param services the services that all sockets share
 * @param counters counts the events on the socket
 * @param refusals counts and logs refused peers and messages
 */
record ListenerContext(SocketSettings settings, FdListenerAdapter adapter, ContainerServices services,
		ContainerCounters counters, Refusals refusals) {

	private static final int PAUSE_MILLIS = 100;

	static {
		// Load the events with this class: later, a full descriptor table may prevent
		// that.
		FdEvent.class.getPermittedSubclasses();
	}

	static ListenerContext of(Routes routes, FdListenerErrorHandler errorHandler, ContainerServices services) {
		ContainerCounters counters = new ContainerCounters();
		Refusals refusals = new Refusals(routes.settings().name(), counters, services.events());
		return new ListenerContext(routes.settings(),
				new FdListenerAdapter(routes, errorHandler, refusals.log(), services.advice()), services, counters,
				refusals);
	}

	FdEvent opened() {
		return new FdEvent.SocketOpened(this.settings.name(), this.settings.path().path());
	}

	FdEvent closed() {
		return new FdEvent.SocketClosed(this.settings.name(), this.settings.path().path());
	}

	/**
	 * Report that the socket has died.
	 */
	void died() {
		this.services.events().accept(closed());
	}

	void accepted(ConnectionStatus connection) {
		this.services.events()
			.accept(new FdEvent.ConnectionAccepted(this.settings.name(), connection.id(), connection.peer()));
	}

	void ended(ConnectionStatus connection) {
		this.services.events()
			.accept(new FdEvent.ConnectionEnded(this.settings.name(), connection.id(), connection.peer(),
					connection.messages(), Duration.between(connection.since(), Instant.now())));
	}

	boolean isAllowed(PeerCredentials peer) {
		return new Admission(this.settings.authorizer(), this.settings.name(), this.refusals).isAllowed(peer);
	}

	/**
	 * Wait for a moment, after the system ran out of a resource. An interrupt ends the
	 * pause: the caller tries again, or finds its socket closed.
	 */
	static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			// The pause is over.
		}
	}

	/**
	 * Return the name prefix of the socket's threads.
	 */
	String threadPrefix() {
		return "fd-" + this.settings.name() + "-";
	}

}
