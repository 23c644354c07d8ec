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

package io.github.fdbroker.testsupport;

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.test.FdTestServer;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.MessageKind;
import io.github.fdbroker.wire.OutgoingMessage;
import io.github.fdbroker.wire.WireLimits;

/**
 * One end of a connection that keeps to no rules: it sends bytes, descriptors and frames
 * as a test likes. It is for what {@link FdTestClient} and {@link FdTestServer} cannot
 * do: malformed and partial messages, a request whose reply is read later or never, a
 * reply that nobody waits for, a server that reads or accepts when a test says so, the
 * exact size of a frame, and thousands of connections.
 */
public final class RawPeer implements AutoCloseable {

	static final Transport TRANSPORT = TransportMode.AUTO.select();

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int MAX_BYTES = 1 << 24;

	private static final int MAX_DESCRIPTORS = 253;

	private final FdConnection connection;

	private final MessageConnection frames;

	RawPeer(FdConnection connection) {
		this.connection = connection;
		this.frames = new MessageConnection(connection, Format.FRAME.wireFormat(),
				new WireLimits("test", MAX_BYTES, MAX_DESCRIPTORS, PATIENCE, null), DescriptorDemand.AWAITS_ANSWER,
				new FdConverters(List.of()));
	}

	/**
	 * Connect to the socket of a {@link TestApplication}.
	 */
	public static RawPeer connect(Path directory) {
		SocketPath path = new SocketPath("test", directory.resolve(TestApplication.SOCKET));
		return new RawPeer(
				new FdConnector(path, TRANSPORT, PATIENCE, MessageSocketSettings.stream(PATIENCE)).connect());
	}

	/**
	 * Send bytes.
	 */
	public RawPeer write(byte[] bytes, FileDescriptor... descriptors) {
		this.connection.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), Arrays.asList(descriptors));
		return this;
	}

	/**
	 * Send text.
	 */
	public RawPeer write(String text, FileDescriptor... descriptors) {
		return write(text.getBytes(StandardCharsets.ISO_8859_1), descriptors);
	}

	/**
	 * Return what the next read brings, {@code null} at the end.
	 */
	public @Nullable String read() {
		if (!this.connection.awaitReadable(PATIENCE)) {
			throw new AssertionError("Nothing came");
		}
		ByteBuffer into = ByteBuffer.allocateDirect(1 << 16);
		Received read = this.connection.receive(into);
		read.close();
		if (read.isEnd()) {
			return null;
		}
		return StandardCharsets.ISO_8859_1.decode(into.flip()).toString();
	}

	/**
	 * Send a message in a frame.
	 */
	public RawPeer send(MessageKind kind, long correlation, Object payload, FileDescriptor... descriptors) {
		byte[] bytes = (payload instanceof byte[] raw) ? raw : payload.toString().getBytes(StandardCharsets.UTF_8);
		this.frames.send(new OutgoingMessage(kind, correlation, bytes, Map.of(),
				Arrays.stream(descriptors).map(RawPeer::attachment).toList()));
		return this;
	}

	private static OutgoingMessage.Attachment attachment(FileDescriptor descriptor) {
		return new OutgoingMessage.Attachment(null, new BorrowedFd(descriptor, () -> {
		}));
	}

	/**
	 * Return the next message, {@code null} at the end.
	 */
	public @Nullable Envelope receive() {
		return this.frames.receive(PATIENCE);
	}

	/**
	 * Wait for a request.
	 */
	public Envelope request() {
		Envelope request = receive();
		if (request == null || request.kind() != MessageKind.REQUEST) {
			throw new AssertionError("A request was awaited, but this came: " + request);
		}
		return request;
	}

	/**
	 * Send a request, and return the reply as text.
	 */
	public String ask(long correlation, String payload, FileDescriptor... descriptors) {
		send(MessageKind.REQUEST, correlation, payload, descriptors);
		return reply();
	}

	/**
	 * Return the next message as text, with its correlation.
	 */
	public String reply() {
		Envelope reply = receive();
		if (reply == null) {
			return "end";
		}
		try (FdMessage message = reply.message()) {
			return reply.correlation() + " " + reply.kind() + " " + message.text();
		}
	}

	/**
	 * Wait until the other side has closed the connection.
	 */
	public void awaitEnd() {
		try {
			String text = read();
			while (text != null) {
				text = read();
			}
		}
		catch (FdConnectException ex) {
			// The other side has not read all of what was sent.
		}
	}

	@Override
	public void close() {
		this.frames.close();
	}

}
