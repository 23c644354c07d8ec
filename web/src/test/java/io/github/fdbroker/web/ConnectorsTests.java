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

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import javax.net.ssl.SSLContext;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServerFactory;

import io.github.fdbroker.web.tomcat.AdoptingProtocol;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each connector of a server gets a socket of its own, and keeps its settings.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectorsTests {

	private static final int UNUSED_PORT = 1;

	@TempDir
	Path directory;

	@Test
	void additionalConnectorsOfTomcatServeOnSocketsOfTheirOwnWithTheirSettings() throws Exception {
		TestCertificate certificate = new TestCertificate(this.directory);
		Connector plain = connector(Http11NioProtocol.class);
		plain.setProperty("connectionTimeout", "1234");
		plain.setProperty("socket.appReadBufSize", "4321");
		plain.setScheme("test");
		Connector secure = connector(Http11NioProtocol.class);
		secure.setProperty("SSLEnabled", "true");
		secure.addSslHostConfig(tls(certificate));
		try (SharedListener first = new SharedListener();
				SharedListener second = new SharedListener();
				SharedListener third = new SharedListener();
				AdoptedServer server = new AdoptedServer(AdoptedServer.Kind.TOMCAT,
						sockets(Map.of("test", first, "test-2", second, "test-3", third)), (factory) -> {
							TomcatWebServerFactory tomcat = (TomcatWebServerFactory) factory;
							tomcat.addAdditionalConnectors(plain, secure);
						})) {
			assertThat(server.port()).isEqualTo(first.address().getPort());
			assertServed(first.address());
			assertServed(second.address());
			assertServed(third.address(), certificate.client());
			assertThat(server.connectors()).hasSize(3).map(AdoptingProtocol.class::cast).anySatisfy((protocol) -> {
				assertThat(protocol.getConnectionTimeout()).isEqualTo(1234);
				assertThat(protocol.getProperty("socket.appReadBufSize")).isEqualTo("4321");
			});
		}
	}

	@Test
	void additionalConnectorOfTomcatWhenItHasNoSocketBindsAsConfigured() throws Exception {
		Connector plain = connector(Http11NioProtocol.class);
		plain.setPort(0);
		try (SharedListener first = new SharedListener();
				AdoptedServer server = new AdoptedServer(AdoptedServer.Kind.TOMCAT, sockets(Map.of("test", first)),
						(factory) -> ((TomcatWebServerFactory) factory).addAdditionalConnectors(plain))) {
			assertServed(new InetSocketAddress("localhost", plain.getLocalPort()));
			assertThat(server.connectors()).hasSize(1);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void additionalConnectorOfTomcatWhenProtocolIsAnotherBindsAndTellsWhatToDo(CapturedOutput output) throws Exception {
		Connector other = connector(Http11Nio2Protocol.class);
		other.setPort(0);
		try (SharedListener first = new SharedListener();
				SharedListener second = new SharedListener();
				AdoptedServer server = new AdoptedServer(AdoptedServer.Kind.TOMCAT,
						sockets(Map.of("test", first, "test-2", second)),
						(factory) -> ((TomcatWebServerFactory) factory).addAdditionalConnectors(other))) {
			assertServed(new InetSocketAddress("localhost", other.getLocalPort()));
			assertThat(server.connectors()).hasSize(1);
			assertThat(output).contains("cannot serve on Listening socket 'test-2' and binds its address by itself",
					"set its protocol to " + Http11NioProtocol.class.getName());
		}
	}

	@Test
	void connectorsOfJettyServeOnSocketsOfTheirOwn() throws Exception {
		try (SharedListener first = new SharedListener();
				SharedListener second = new SharedListener();
				AdoptedServer server = new AdoptedServer(AdoptedServer.Kind.JETTY,
						sockets(Map.of("test", first, "test-2", second)),
						(factory) -> ((ConfigurableJettyWebServerFactory) factory).addServerCustomizers((jetty) -> {
							ServerConnector additional = new ServerConnector(jetty);
							additional.setPort(UNUSED_PORT);
							jetty.addConnector(additional);
						}))) {
			assertServed(first.address());
			assertServed(second.address());
			assertThat(server.connectors()).hasSize(2);
		}
	}

	private static Connector connector(Class<?> protocol) {
		Connector connector = new Connector(protocol.getName());
		connector.setPort(UNUSED_PORT);
		return connector;
	}

	private static SSLHostConfig tls(TestCertificate certificate) {
		SSLHostConfig tls = new SSLHostConfig();
		SSLHostConfigCertificate key = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
		key.setCertificateKeystoreFile(certificate.server().getKeyStore());
		key.setCertificateKeystorePassword(certificate.server().getKeyStorePassword());
		tls.addCertificate(key);
		return tls;
	}

	private static ListeningSockets sockets(Map<String, SharedListener> listeners) {
		return new ListeningSockets("test", (name, configured) -> {
			SharedListener listener = listeners.get(name);
			return (listener != null) ? new ListeningSocket(name, listener::duplicate) : null;
		});
	}

	private static void assertServed(InetSocketAddress address) throws Exception {
		try (HttpConnection connection = new HttpConnection(address)) {
			connection.send();
			assertThat(connection.receive()).isEqualTo("served");
		}
	}

	private static void assertServed(InetSocketAddress address, SSLContext tls) throws Exception {
		try (Socket socket = tls.getSocketFactory().createSocket(address.getAddress(), address.getPort());
				InputStream input = socket.getInputStream()) {
			socket.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(input.readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200")
				.endsWith("served");
		}
	}

}
