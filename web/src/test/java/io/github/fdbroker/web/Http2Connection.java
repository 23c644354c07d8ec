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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/2 frame by frame, so that GOAWAY shows. It compresses no
 * header, and does not decompress those of responses.
 */
final class Http2Connection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 30_000;

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int RESET = 3;

	private static final int SETTINGS = 4;

	private static final int PING = 6;

	private static final int GOAWAY = 7;

	private static final int ACK = 1;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private final Socket socket;

	private final DataInputStream input;

	private final List<Integer> goAways = new ArrayList<>();

	private final Set<Integer> ended = new HashSet<>();

	private final ByteArrayOutputStream bodies = new ByteArrayOutputStream();

	private int stream = -1;

	Http2Connection(InetSocketAddress address, @Nullable SSLContext tls) throws IOException {
		this.socket = (tls != null) ? tls.getSocketFactory().createSocket() : new Socket();
		this.socket.connect(address, TIMEOUT_MILLIS);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		if (this.socket instanceof SSLSocket secure) {
			SSLParameters parameters = secure.getSSLParameters();
			parameters.setApplicationProtocols(new String[] { "h2" });
			secure.setSSLParameters(parameters);
			secure.startHandshake();
		}
		this.input = new DataInputStream(this.socket.getInputStream());
		this.socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		send(SETTINGS, 0, 0, new byte[0]);
	}

	/**
	 * Send a request, and return its stream.
	 */
	int send(String path) throws IOException {
		this.stream += 2;
		byte[] name = path.getBytes(StandardCharsets.US_ASCII);
		ByteArrayOutputStream headers = new ByteArrayOutputStream();
		headers.write(0x82); // :method GET
		headers.write((this.socket instanceof SSLSocket) ? 0x87 : 0x86); // :scheme
		headers.write(0x04); // :path
		headers.write(name.length);
		headers.write(name);
		headers.write(0x01); // :authority
		headers.write(9);
		headers.write("localhost".getBytes(StandardCharsets.US_ASCII));
		send(HEADERS, END_STREAM | END_HEADERS, this.stream, headers.toByteArray());
		return this.stream;
	}

	/**
	 * Return the body of a response.
	 */
	String receive(int stream) throws IOException {
		readUntil(() -> this.ended.contains(stream));
		String body = this.bodies.toString(StandardCharsets.US_ASCII);
		this.bodies.reset();
		return body;
	}

	/**
	 * Return the stream that the next GOAWAY names as the last one.
	 */
	int receiveGoAway() throws IOException {
		readUntil(() -> !this.goAways.isEmpty());
		return this.goAways.remove(0);
	}

	/**
	 * Whether a response has arrived.
	 */
	boolean isAnswered(int stream) {
		return this.ended.contains(stream);
	}

	/**
	 * Whether GOAWAY has arrived.
	 */
	boolean isLeaving() {
		return !this.goAways.isEmpty();
	}

	private void readUntil(BooleanSupplier condition) throws IOException {
		while (!condition.getAsBoolean()) {
			int head = this.input.readInt();
			int flags = this.input.readUnsignedByte();
			int stream = this.input.readInt();
			byte[] payload = new byte[head >>> 8];
			this.input.readFully(payload);
			received(head & 0xff, flags, stream, payload);
		}
	}

	private void received(int type, int flags, int stream, byte[] payload) throws IOException {
		if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
			this.ended.add(stream);
		}
		switch (type) {
			case DATA -> this.bodies.write(payload);
			case RESET -> throw new EOFException("Stream " + stream + " was reset");
			case SETTINGS, PING -> acknowledge(type, flags, payload);
			case GOAWAY -> this.goAways.add(new DataInputStream(new ByteArrayInputStream(payload)).readInt());
			default -> {
			}
		}
	}

	private void acknowledge(int type, int flags, byte[] payload) throws IOException {
		if ((flags & ACK) == 0) {
			send(type, ACK, 0, (type == PING) ? payload : new byte[0]);
		}
	}

	private void send(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		DataOutputStream output = new DataOutputStream(frame);
		output.writeInt(payload.length << 8 | type);
		output.write(flags);
		output.writeInt(stream);
		output.write(payload);
		this.socket.getOutputStream().write(frame.toByteArray());
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
