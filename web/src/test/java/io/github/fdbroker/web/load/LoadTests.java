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

package io.github.fdbroker.web.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client notices each failure, and reports none of its own.
 */
class LoadTests {

	@ParameterizedTest
	@EnumSource
	void requestsWhenAnsweredOnConnectionThatEndsAreCountedWithoutFailure(LoadMode mode) throws Exception {
		String response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n42";
		try (ServerSocket server = serve(response); Load load = Load.start(server.getLocalPort(), mode, 2)) {
			Awaitility.await().until(() -> load.requests() > 100);
			load.stop();
			assertThat(load.failures()).isEmpty();
			assertThat(load.processes()).containsExactly(42L);
			assertThat(load.steady().count()).isEqualTo(load.requests());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n42",
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx2", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n42",
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n423" })
	void responseWhenNotCorrectIsFailure(String response) throws Exception {
		try (ServerSocket server = serve(response);
				Load load = Load.start(server.getLocalPort(), LoadMode.KEEPALIVE, 1)) {
			Awaitility.await().until(() -> load.failures().size() > 2);
			load.stop();
			assertThat(load.requests()).isEqualTo(load.failures().size());
		}
	}

	@Test
	void connectionWhenRefusedIsFailure() throws Exception {
		ServerSocket server = serve("");
		server.close();
		try (Load load = Load.start(server.getLocalPort(), LoadMode.KEEPALIVE, 1)) {
			Awaitility.await().until(() -> load.failures().size() > 2);
			assertThat(load.failures()).allSatisfy((failure) -> assertThat(failure.text()).contains("refused"));
		}
	}

	/**
	 * Accept connections, and end each after one response.
	 */
	private static ServerSocket serve(String response) throws IOException {
		ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
		new Thread(() -> {
			while (!server.isClosed()) {
				try (Socket client = server.accept()) {
					respond(client, response);
				}
				catch (IOException ex) {
					// The client sees that itself.
				}
			}
		}).start();
		return server;
	}

	private static void respond(Socket client, String response) throws IOException {
		BufferedReader request = new BufferedReader(
				new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
		String line = request.readLine();
		while (line != null && !line.isEmpty()) {
			line = request.readLine();
		}
		client.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
	}

}
