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

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that something goes on with for long stay with their Tomcat, and are
 * finished there.
 */
@ExtendWith(FdLedger.class)
@Timeout(60)
class UnfinishedConnectionTests {

	/** More than the buffers of a connection take. */
	private static final int FILE_BYTES = 64 << 20;

	private static final String HEAD_END = "\r\n\r\n";

	@TempDir
	Path directory;

	@Test
	void webSocketWhenServerIsTakenOverStaysUntilClientEndsIt() throws Exception {
		try (MovingServer a = new MovingServer("a", (protocol) -> {
		}, UnfinishedConnectionTests::addEcho); Socket client = connect(a)) {
			send(client, "GET /websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==" + HEAD_END);
			assertThat(head(client)).startsWith("HTTP/1.1 101 ");
			assertThat(echo(client, "before")).isEqualTo("before");
			a.stopAccepting();
			assertThat(a.protocol().takeIdle(1)).isEmpty();
			assertThat(echo(client, "after")).isEqualTo("after");
			assertThat(a.protocol().takeIdle(1)).isEmpty();
			assertThat(a.protocol().connections()).isOne();
			client.getOutputStream().write(frame(0x88, new byte[0]));
			assertThat(client.getInputStream().readAllBytes()).startsWith(0x88);
			Awaitility.await().until(() -> a.protocol().connections() == 0);
		}
	}

	@Test
	void fileWhenServerIsTakenOverIsSentToItsEnd() throws Exception {
		Path file = this.directory.resolve("file");
		try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
			content.setLength(FILE_BYTES - 1);
			content.seek(FILE_BYTES - 1);
			content.write('z');
		}
		try (MovingServer a = new MovingServer("a", (protocol) -> {
		}, (context) -> addFile(context, file)); Socket client = connect(a)) {
			send(client, "GET /file HTTP/1.1\r\nHost: localhost" + HEAD_END);
			assertThat(head(client)).startsWith("HTTP/1.1 200 ").contains("Content-Length: " + FILE_BYTES);
			a.stopAccepting();
			assertThat(a.protocol().takeIdle(1)).isEmpty();
			assertThat(a.protocol().busyConnections()).isOne();
			client.getInputStream().skipNBytes(FILE_BYTES - 1);
			assertThat(client.getInputStream().read()).isEqualTo('z');
			send(client, "GET / HTTP/1.1\r\nHost: localhost" + HEAD_END);
			assertThat(head(client)).startsWith("HTTP/1.1 200 ").contains("Served-By: a");
		}
	}

	private static void addEcho(StandardContext context) {
		context.addServletContainerInitializer(new WsSci(), null);
		context.addServletContainerInitializer((classes, application) -> {
			try {
				((ServerContainer) application.getAttribute(ServerContainer.class.getName())).addEndpoint(Echo.class);
			}
			catch (DeploymentException ex) {
				throw new IllegalStateException(ex);
			}
		}, null);
	}

	private static void addFile(StandardContext context, Path file) {
		Tomcat.addServlet(context, "file", new HttpServlet() {

			@Override
			protected void doGet(HttpServletRequest request, HttpServletResponse response) {
				assertThat(request.getAttribute("org.apache.tomcat.sendfile.support")).isEqualTo(true);
				response.setContentLength(FILE_BYTES);
				request.setAttribute("org.apache.tomcat.sendfile.filename", file.toString());
				request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
				request.setAttribute("org.apache.tomcat.sendfile.end", (long) FILE_BYTES);
			}

		});
		context.addServletMappingDecoded("/file", "file");
	}

	private static Socket connect(MovingServer server) throws IOException {
		return new Socket(server.address().getAddress(), server.address().getPort());
	}

	private static void send(Socket client, String text) throws IOException {
		client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String head(Socket client) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf(HEAD_END) < 0) {
			int next = client.getInputStream().read();
			if (next < 0) {
				throw new EOFException("The server ended the connection after: " + head);
			}
			head.append((char) next);
		}
		return head.toString();
	}

	/**
	 * Send a short text, and return the one that comes.
	 */
	private static String echo(Socket client, String text) throws IOException {
		client.getOutputStream().write(frame(0x81, text.getBytes(StandardCharsets.US_ASCII)));
		InputStream input = client.getInputStream();
		assertThat(input.read()).isEqualTo(0x81);
		return new String(input.readNBytes(input.read()), StandardCharsets.US_ASCII);
	}

	/**
	 * A short frame of a client (RFC 6455, 5.2), masked with zeros.
	 */
	private static byte[] frame(int type, byte[] content) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(type);
		frame.write(0x80 | content.length);
		frame.writeBytes(new byte[4]);
		frame.writeBytes(content);
		return frame.toByteArray();
	}

	/**
	 * Sends back what comes.
	 */
	@ServerEndpoint("/websocket")
	public static final class Echo {

		/**
		 * Reply to a message.
		 */
		@OnMessage
		public String receive(String text) {
			return text;
		}

	}

}
