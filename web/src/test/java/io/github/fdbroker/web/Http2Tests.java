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

import java.nio.file.Path;
import java.util.function.BooleanSupplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that stops accepting ends its connections of HTTP/2 by GOAWAY, with TLS and
 * without.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2Tests {

	private static final String KINDS = """
			TOMCAT, false
			TOMCAT, true
			JETTY, false
			JETTY, true
			NETTY, false
			NETTY, true
			""";

	@TempDir
	static Path directory;

	private static @Nullable TestCertificate certificate;

	@BeforeAll
	static void createCertificate() throws Exception {
		certificate = new TestCertificate(directory);
	}

	@ParameterizedTest
	@CsvSource(textBlock = KINDS)
	void connectionWhenServerStopsAcceptingGetsGoAwayAndItsResponse(AdoptedServer.Kind kind, boolean tls)
			throws Exception {
		try (SharedListener listener = new SharedListener();
				AdoptedServer server = server(kind, listener, tls);
				Http2Connection connection = new Http2Connection(listener.address(), client(tls))) {
			ServingConnector connector = server.connector();
			assertThat(connection.receive(connection.send("/"))).isEqualTo("served");
			await(() -> connector.busyConnections() == 0);
			assertThat(connector.connections()).isEqualTo(1);
			int waiting = connection.send(AdoptedServer.WAIT);
			await(() -> connector.busyConnections() == 1);
			connector.stopAccepting();
			assertThat(connection.receiveGoAway()).isGreaterThanOrEqualTo(waiting);
			assertThat(connection.isAnswered(waiting)).isFalse();
			assertThat(connector.busyConnections()).isOne();
			server.release();
			assertThat(connection.receive(waiting)).isEqualTo("served");
			await(() -> connector.busyConnections() == 0);
			connection.close();
			await(() -> connector.connections() == 0);
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = KINDS)
	void connectionWhenItSendsFirstRequestAfterServerStoppedIsServedAndGetsGoAway(AdoptedServer.Kind kind, boolean tls)
			throws Exception {
		try (SharedListener listener = new SharedListener();
				AdoptedServer server = server(kind, listener, tls);
				Http2Connection connection = new Http2Connection(listener.address(), client(tls))) {
			ServingConnector connector = server.connector();
			await(() -> connector.busyConnections() == 1);
			connector.stopAccepting();
			int first = connection.send("/");
			assertThat(connection.receive(first)).isEqualTo("served");
			assertThat(connection.receiveGoAway()).isGreaterThanOrEqualTo(first);
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = KINDS)
	void connectionWhenServerStartsAgainGetsNoGoAway(AdoptedServer.Kind kind, boolean tls) throws Exception {
		try (SharedListener listener = new SharedListener(); AdoptedServer server = server(kind, listener, tls)) {
			server.connector().stopAccepting();
			server.connector().startAccepting();
			try (Http2Connection connection = new Http2Connection(listener.address(), client(tls))) {
				assertThat(connection.receive(connection.send("/"))).isEqualTo("served");
				assertThat(connection.receive(connection.send("/"))).isEqualTo("served");
				assertThat(connection.isLeaving()).isFalse();
			}
		}
	}

	private static AdoptedServer server(AdoptedServer.Kind kind, SharedListener listener, boolean tls) {
		return new AdoptedServer(kind, new ListeningSocket("test", listener::duplicate), (factory) -> {
			Http2 http2 = new Http2();
			http2.setEnabled(true);
			factory.setHttp2(http2);
			if (tls && certificate != null) {
				factory.setSsl(certificate.server());
			}
		});
	}

	private static @Nullable SSLContext client(boolean tls) throws Exception {
		return (tls && certificate != null) ? certificate.client() : null;
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		while (!condition.getAsBoolean()) {
			Thread.sleep(1);
		}
	}

}
