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

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Sends one request after the other, and retries none. The connection is kept as long as
 * the server keeps it.
 */
final class HttpConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 30_000;

	private static final int BUFFER_BYTES = 4096;

	private final InetSocketAddress address;

	private final LoadMode mode;

	private final Selector selector;

	private final ByteBuffer request;

	private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES);

	private SocketChannel channel;

	/** The process that has answered on this connection, 0 if none has. */
	private long process;

	HttpConnection(int port, LoadMode mode) throws IOException {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.mode = mode;
		this.selector = Selector.open();
		String end = (mode == LoadMode.CLOSE) ? "Connection: close\r\n\r\n" : "\r\n";
		this.request = StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: localhost\r\n" + end);
	}

	/**
	 * Send a request.
	 * @return the process that answered
	 */
	long ask() throws IOException {
		if (this.channel != null && ended()) {
			drop();
		}
		if (this.channel == null) {
			connect();
		}
		this.request.rewind();
		while (this.request.hasRemaining()) {
			this.channel.write(this.request);
		}
		this.process = answer();
		return this.process;
	}

	long process() {
		return this.process;
	}

	/**
	 * RFC 9112 (9.5) has a client watch for the end of a connection while it is idle.
	 */
	private boolean ended() {
		try {
			this.input.clear();
			int count = this.channel.read(this.input);
			if (count > 0) {
				throw new IOException("Bytes that belong to no response");
			}
			return count < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

	private void connect() throws IOException {
		this.process = 0;
		this.channel = SocketChannel.open();
		this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
		if (!this.channel.connect(this.address)) {
			SelectionKey key = this.channel.register(this.selector, SelectionKey.OP_CONNECT);
			await();
			this.channel.finishConnect();
			key.interestOps(SelectionKey.OP_READ);
		}
		else {
			this.channel.register(this.selector, SelectionKey.OP_READ);
		}
	}

	private long answer() throws IOException {
		this.input.clear();
		Answer answer = null;
		while (answer == null) {
			read();
			answer = Answer.parse(new String(this.input.array(), 0, this.input.position(), StandardCharsets.US_ASCII));
		}
		if (this.mode == LoadMode.CLOSE || answer.last()) {
			drop();
		}
		return answer.process();
	}

	private void read() throws IOException {
		await();
		if (this.channel.read(this.input) < 0) {
			throw new EOFException(
					"The connection ended after %d bytes of the response".formatted(this.input.position()));
		}
	}

	private void await() throws IOException {
		this.selector.selectedKeys().clear();
		if (this.selector.select(TIMEOUT_MILLIS) == 0) {
			throw new SocketTimeoutException("Nothing happened for %d ms".formatted(TIMEOUT_MILLIS));
		}
	}

	/**
	 * Close the connection. The next request opens another.
	 */
	void drop() throws IOException {
		if (this.channel != null) {
			this.channel.close();
			this.channel = null;
			this.selector.selectNow();
		}
	}

	@Override
	public void close() throws IOException {
		drop();
		this.selector.close();
	}

}
