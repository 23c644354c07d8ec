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

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection that speaks HTTP/1.1.
 */
final class HttpConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 30_000;

	private final Socket socket = new Socket();

	private final InputStream input;

	private boolean ended;

	HttpConnection(InetSocketAddress address) throws IOException {
		this.socket.connect(address, TIMEOUT_MILLIS);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.input = new BufferedInputStream(this.socket.getInputStream());
	}

	void send() throws IOException {
		this.socket.getOutputStream()
			.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Return the body of a response.
	 */
	String receive() throws IOException {
		String status = line();
		if (!status.startsWith("HTTP/1.1 200")) {
			throw new IOException("Status: " + status);
		}
		int length = 0;
		for (String line = line(); !line.isEmpty(); line = line()) {
			String header = line.toLowerCase(Locale.ROOT);
			if (header.startsWith("content-length:")) {
				length = Integer.parseInt(header.substring(15).trim());
			}
			this.ended |= header.equals("connection: close");
		}
		return new String(this.input.readNBytes(length), StandardCharsets.US_ASCII);
	}

	/**
	 * Whether the last response was the last one of the connection.
	 */
	boolean isEnded() {
		return this.ended;
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int read = this.input.read(); read != '\n'; read = this.input.read()) {
			if (read < 0) {
				throw new EOFException("The connection ended after '" + line + "'");
			}
			line.append((char) read);
		}
		return line.toString().stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
