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

package io.github.fdbroker.web;

import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of connector holds its socket, stops accepting from it, and starts again,
 * while others may accept from it.
 */
@ExtendWith(FdLedger.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptingTests {

	private static final int CYCLES = 20;

	private static final int CLIENTS = 8;

	@ParameterizedTest
	@EnumSource
	void connectionsWhenSocketIsHeldWaitUntilServerAccepts(AdoptedServer.Kind kind) throws Exception {
		try (SharedListener listener = new SharedListener();
				AdoptedServer server = new AdoptedServer(kind, socket(listener, true))) {
			assertThat(server.port()).isEqualTo(listener.address().getPort());
			for (int i = 0; i < CLIENTS; i++) {
				assertOthersAccept(listener);
			}
			try (HttpConnection waiting = new HttpConnection(listener.address())) {
				waiting.send();
				server.connector().startAccepting();
				assertThat(waiting.receive()).isEqualTo("served");
				assertThat(waiting.isEnded()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionsWhenServerHasStoppedAcceptingAreLeftToOthersUntilItStarts(AdoptedServer.Kind kind)
			throws Exception {
		try (SharedListener listener = new SharedListener();
				AdoptedServer server = new AdoptedServer(kind, socket(listener, false));
				HttpConnection kept = new HttpConnection(listener.address())) {
			assertServes(kept, false);
			server.connector().stopAccepting();
			server.connector().stopAccepting();
			for (int i = 0; i < CLIENTS; i++) {
				assertOthersAccept(listener);
			}
			assertServes(kept, true);
			try (HttpConnection waiting = new HttpConnection(listener.address())) {
				waiting.send();
				server.connector().startAccepting();
				assertThat(waiting.receive()).isEqualTo("served");
				assertServes(waiting, false);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void requestsWhenAcceptingIsSwitchedUnderLoadAreAllServed(AdoptedServer.Kind kind) throws Exception {
		try (SharedListener listener = new SharedListener();
				AdoptedServer server = new AdoptedServer(kind, socket(listener, false));
				LoadClients clients = new LoadClients(listener.address(), CLIENTS)) {
			for (int cycle = 0; cycle < CYCLES && clients.failures().isEmpty(); cycle++) {
				clients.await(CLIENTS * 4);
				server.connector().stopAccepting();
				// Of different lengths, so that more or fewer clients connect meanwhile.
				TimeUnit.MILLISECONDS.sleep(cycle);
				server.connector().startAccepting();
			}
			clients.await(CLIENTS * 4);
			assertThat(clients.failures()).isEmpty();
		}
	}

	private static ListeningSocket socket(SharedListener listener, boolean held) {
		return new ListeningSocket("test", listener::duplicate, () -> held, () -> {
		});
	}

	private static void assertOthersAccept(SharedListener listener) throws Exception {
		try (ServerSocketChannel other = listener.duplicate();
				HttpConnection client = new HttpConnection(listener.address())) {
			client.send();
			try (SocketChannel accepted = other.accept()) {
				assertThat(accepted.getRemoteAddress()).isNotNull();
			}
		}
	}

	private static void assertServes(HttpConnection connection, boolean last) throws Exception {
		connection.send();
		assertThat(connection.receive()).isEqualTo("served");
		assertThat(connection.isEnded()).isEqualTo(last);
	}

}
