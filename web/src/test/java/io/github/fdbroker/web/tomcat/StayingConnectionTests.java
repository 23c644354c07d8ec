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

package io.github.fdbroker.web.tomcat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Connections that do not move, but stay with their Tomcat or end.
 */
@ExtendWith(FdLedger.class)
@Timeout(60)
class StayingConnectionTests {

	private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

	@TempDir
	Path directory;

	@Test
	void connectionWhenItUsesTlsStaysAndEndsWithItsNextResponse() throws Exception {
		try (MovingServer a = new MovingServer("a", this::serveTls); KeepAliveClient client = tlsClient(a)) {
			assertThat(client.exchange()).isEqualTo("a");
			Awaitility.await().until(() -> a.protocol().busyConnections() == 0);
			a.stopAccepting();
			assertThat(a.protocol().takeIdle(1)).isEmpty();
			client.send(REQUEST);
			assertThat(client.receive()).contains("Connection: close");
			client.awaitEnd();
		}
	}

	@Test
	void connectionWhenNewServerUsesTlsIsRefusedAndClosed() throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b", this::serveTls)) {
			try (KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
				client.exchange();
				a.stopAccepting();
				assertThatExceptionOfType(FdConfigurationException.class)
					.isThrownBy(() -> Awaitility.await().until(() -> a.moveTo(b) == 1))
					.withMessageContaining("serves TLS");
				client.awaitEnd();
			}
		}
	}

	@Test
	void connectionWhenItUsesHttp2Stays() throws Exception {
		try (MovingServer a = new MovingServer("a", (protocol) -> protocol.addUpgradeProtocol(new Http2Protocol()));
				KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
			client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0");
			client.awaitByte();
			assertThat(a.protocol().takeIdle(1)).isEmpty();
		}
	}

	@Test
	void connectionWhenPartOfItsRequestWasReadStays() throws Exception {
		try (MovingServer a = new MovingServer("a"); KeepAliveClient client = new KeepAliveClient(a.address(), 0)) {
			client.exchange();
			Awaitility.await().until(() -> a.protocol().busyConnections() == 0);
			a.stopAccepting();
			client.send(REQUEST.substring(0, 20));
			Awaitility.await().until(() -> a.protocol().busyConnections() == 1);
			assertThat(a.protocol().takeIdle(1)).isEmpty();
			client.send(REQUEST.substring(20));
			assertThat(client.receive()).startsWith("HTTP/1.1 200 ");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void connectionWhenClientEndsItMeanwhileIsClosed(boolean reset) throws Exception {
		try (MovingServer a = new MovingServer("a"); MovingServer b = new MovingServer("b")) {
			KeepAliveClient client = new KeepAliveClient(a.address(), 0);
			client.exchange();
			a.stopAccepting();
			List<OwnedFd> taken = new ArrayList<>();
			Awaitility.await().until(() -> taken.addAll(a.protocol().takeIdle(1)));
			client.socket().setSoLinger(reset, 0);
			client.close();
			b.protocol().adopt(taken.get(0));
			Awaitility.await().until(() -> b.protocol().connections() + b.counted() == 0);
			assertThat(taken.get(0).isOpen()).isFalse();
		}
	}

	private void serveTls(AdoptingProtocol protocol) {
		Path store = this.directory.resolve("store.p12");
		createCertificate(store);
		SSLHostConfig host = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(store.toString());
		certificate.setCertificateKeystorePassword("secret");
		host.addCertificate(certificate);
		protocol.setSSLEnabled(true);
		protocol.addSslHostConfig(host);
	}

	private static void createCertificate(Path store) {
		try {
			Process keytool = new ProcessBuilder(System.getProperty("java.home") + "/bin/keytool", "-genkeypair",
					"-alias", "tomcat", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12", "-keystore",
					store.toString(), "-storepass", "secret")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			assertThat(keytool.waitFor()).isZero();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeepAliveClient tlsClient(MovingServer server) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new TrustAll() }, new SecureRandom());
		return new KeepAliveClient(
				context.getSocketFactory().createSocket(server.address().getAddress(), server.address().getPort()), 0);
	}

	private static final class TrustAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
