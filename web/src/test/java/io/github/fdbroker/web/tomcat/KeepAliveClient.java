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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client of an {@link EchoServlet} that keeps its connection.
 */
final class KeepAliveClient implements AutoCloseable {

	private final Socket socket;

	private final InputStream input;

	private final OutputStream output;

	private final Random random;

	private int sent;

	private String servedBy = "";

	KeepAliveClient(InetSocketAddress address, long seed) throws IOException {
		this(new Socket(address.getAddress(), address.getPort()), seed);
	}

	KeepAliveClient(Socket socket, long seed) throws IOException {
		this.socket = socket;
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(20_000);
		this.input = new BufferedInputStream(this.socket.getInputStream());
		this.output = this.socket.getOutputStream();
		this.random = new Random(seed);
	}

	Socket socket() {
		return this.socket;
	}

	int sent() {
		return this.sent;
	}

	/**
	 * Send one request at once, and check the response.
	 * @return the name of the server
	 */
	String exchange() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		String response = write(bytes);
		this.output.write(bytes.toByteArray());
		check(response);
		return this.servedBy;
	}

	/**
	 * Send some requests in some way, and check the responses.
	 */
	void exchangeSome() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		List<String> responses = new ArrayList<>();
		for (int i = (this.random.nextInt(3) == 0) ? 4 : 1; i > 0; i--) {
			responses.add(write(bytes));
		}
		send(bytes.toByteArray());
		for (String response : responses) {
			check(response);
		}
	}

	/**
	 * Return the response that the request has to bring.
	 */
	private String write(ByteArrayOutputStream bytes) throws IOException {
		String path = "/" + this.socket.getLocalPort() + "/" + this.sent++
				+ (this.random.nextInt(4) == 0 ? "/async" : "");
		byte[] body = new byte[this.random.nextBoolean() ? 0 : this.random.nextInt(20_000)];
		this.random.nextBytes(body);
		boolean chunked = body.length > 0 && this.random.nextBoolean();
		String head = "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted((body.length > 0) ? "POST" : "GET", path,
				chunked ? "Transfer-Encoding: chunked\r\n"
						: (body.length > 0) ? "Content-Length: " + body.length + "\r\n" : "");
		bytes.write(ascii(head));
		if (chunked) {
			bytes.write(ascii(Integer.toHexString(body.length) + "\r\n"));
		}
		bytes.write(body);
		if (chunked) {
			bytes.write(ascii("\r\n0\r\n\r\n"));
		}
		return "%s %d %s:%d".formatted(path, EchoServlet.checksum(body), this.socket.getLocalAddress().getHostAddress(),
				this.socket.getLocalPort());
	}

	private void send(byte[] bytes) throws IOException {
		int pieces = 1 + this.random.nextInt(4);
		int from = 0;
		for (int i = 1; i <= pieces; i++) {
			int to = (i == pieces) ? bytes.length : from + this.random.nextInt(bytes.length - from);
			this.output.write(bytes, from, to - from);
			from = to;
			LockSupport.parkNanos(this.random.nextBoolean() ? 0 : this.random.nextInt(300_000));
		}
	}

	private void check(String expected) throws IOException {
		String response = receive();
		assertThat(response).startsWith("HTTP/1.1 200 ")
			.endsWith("\n\n" + expected)
			.doesNotContain("Connection: close");
	}

	void send(String text) throws IOException {
		this.output.write(ascii(text));
	}

	/**
	 * Receive a response.
	 * @return its lines and its body
	 */
	String receive() throws IOException {
		StringBuilder response = new StringBuilder();
		int length = 0;
		for (String line = line(); !line.isEmpty(); line = line()) {
			response.append(line).append('\n');
			if (line.startsWith("Content-Length: ")) {
				length = Integer.parseInt(line.substring(16));
			}
			if (line.startsWith("Served-By: ")) {
				this.servedBy = line.substring(11);
			}
		}
		byte[] body = this.input.readNBytes(length);
		return response.append('\n').append(new String(body, StandardCharsets.US_ASCII)).toString();
	}

	/**
	 * Wait until the server ends the connection. It sends nothing before.
	 */
	void awaitEnd() throws IOException {
		assertThat(this.input.read()).isNegative();
	}

	void awaitByte() throws IOException {
		assertThat(this.input.read()).isNotNegative();
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next < 0) {
				throw new EOFException("The server ended the connection after " + this.sent + " requests");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
