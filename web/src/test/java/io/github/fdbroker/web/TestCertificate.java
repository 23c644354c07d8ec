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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key and a certificate that it signed itself.
 */
final class TestCertificate {

	private static final String PASSWORD = "changeit";

	private final Path store;

	TestCertificate(Path directory) throws IOException, InterruptedException {
		this.store = directory.resolve("key.p12");
		Process keytool = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/keytool", "-genkeypair",
				"-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12", "-storepass",
				PASSWORD, "-keystore", this.store.toString()))
			.inheritIO()
			.start();
		assertThat(keytool.waitFor()).isZero();
	}

	Ssl server() {
		Ssl ssl = new Ssl();
		ssl.setKeyStore(this.store.toString());
		ssl.setKeyStorePassword(PASSWORD);
		return ssl;
	}

	SSLContext client() throws IOException, GeneralSecurityException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		try (InputStream stored = Files.newInputStream(this.store)) {
			trusted.load(stored, PASSWORD.toCharArray());
		}
		KeyStore certificates = KeyStore.getInstance("PKCS12");
		certificates.load(null, null);
		certificates.setCertificateEntry("server", trusted.getCertificate("server"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(certificates);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, managers.getTrustManagers(), null);
		return context;
	}

}
