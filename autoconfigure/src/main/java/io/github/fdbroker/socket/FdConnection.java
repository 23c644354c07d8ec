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

package io.github.fdbroker.socket;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;

/**
 * A connection for bytes and descriptors, with the credentials of its other end.
 * <p>
 * Several threads may send, whose data never mixes; one thread may receive. Any thread
 * may shut down or close.
 */
public final class FdConnection implements Closeable {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final ReceiveFailure FAILURE = new ReceiveFailure();

	private final String description;

	private final MessageSocket messageSocket;

	private final SocketType type;

	private final PeerCredentials peer;

	private final ConnectionSender sender;

	private FdConnection(String description, MessageSocket messageSocket, SocketType type, PeerCredentials peer,
			int maxDescriptors) {
		this.type = type;
		this.description = description;
		this.messageSocket = messageSocket;
		this.peer = peer;
		this.sender = new ConnectionSender(description, messageSocket, maxDescriptors);
	}

	/**
	 * Adopt a connected socket.
	 * @param name the name of the socket in exceptions
	 * @param descriptor the socket, which is closed if this fails
	 * @param transport the transport for bytes and descriptors
	 * @param settings how the socket is used
	 * @return the connection
	 * @throws IOException if the socket is not usable
	 */
	public static FdConnection of(String name, FileDescriptor descriptor, Transport transport,
			MessageSocketSettings settings) throws IOException {
		try {
			return of(name, descriptor, transport, settings, Descriptors.peerCredentials(descriptor));
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
	}

	/**
	 * Adopt one end of a socketpair(2). For the other end, the kernel reports the process
	 * that made the pair, not the process that holds it: {@link #peer()} is this process.
	 * @param name the name of the holder of the other end in exceptions
	 * @param descriptor the socket, which is closed if this fails
	 * @param transport the transport for bytes and descriptors
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the connection
	 * @throws IOException if the socket is not usable
	 */
	public static FdConnection ofPair(String name, FileDescriptor descriptor, Transport transport, Duration sendTimeout)
			throws IOException {
		try {
			return new FdConnection("Connection with " + name,
					transport.messageSocket(descriptor, MessageSocketSettings.stream(sendTimeout)), SocketType.STREAM,
					Descriptors.self(), transport.maxDescriptors());
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
	}

	/**
	 * Adopt a connected socket whose peer is known.
	 * @param name the name of the socket in exceptions
	 * @param descriptor the socket
	 * @param transport the transport for bytes and descriptors
	 * @param settings how the socket is used
	 * @param peer the peer
	 * @return the connection
	 * @throws IOException if the socket is not usable, for instance because the transport
	 * needs more descriptors than are free; the caller still owns it
	 */
	public static FdConnection of(String name, FileDescriptor descriptor, Transport transport,
			MessageSocketSettings settings, PeerCredentials peer) throws IOException {
		return new FdConnection("Connection of " + name + " with " + peer,
				transport.messageSocket(descriptor, settings), settings.type(), peer, transport.maxDescriptors());
	}

	/**
	 * Return the type of the socket.
	 * @return the type
	 */
	public SocketType type() {
		return this.type;
	}

	/**
	 * Return the credentials of the other end, read once when the connection was made. A
	 * peer for datagrams is known by the owner of its file.
	 * @return the credentials
	 */
	public PeerCredentials peer() {
		return this.peer;
	}

	/**
	 * Send bytes and descriptors. If the connection breaks, nothing more can be sent on
	 * it.
	 * @param data a direct buffer, on a stream with at least one byte
	 * @param descriptors the descriptors, which go with the first byte; they must stay
	 * open during the call
	 * @throws FdLimitException if there are more descriptors than the system passes, or
	 * it can take no more at present; the connection stays usable
	 * @throws FdAccessDeniedException if the peer takes no descriptors for five seconds,
	 * or a security module forbids sending them; the connection is closed
	 * @throws FdTimeoutException if the peer takes nothing for the send timeout; the
	 * connection is closed
	 * @throws FdConnectException if the connection is broken; what the peer sent before
	 * can still be received, and the exception says whether nothing was sent
	 */
	public void send(ByteBuffer data, List<FileDescriptor> descriptors) {
		this.sender.send(data, descriptors);
	}

	/**
	 * Receive what the kernel has, waiting for some.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @return what came with these bytes, if it is not the end; the caller owns the
	 * descriptors, also those of a truncated message
	 * @throws FdProtocolException if descriptors were lost; none is left open
	 * @throws FdConnectException if the connection broke
	 */
	public Received receive(ByteBuffer into) {
		try {
			return this.messageSocket.receive(into);
		}
		catch (IOException ex) {
			throw FAILURE.explain(this.description, ex);
		}
	}

	/**
	 * Receive as {@link #receive(ByteBuffer)}, but wait no longer than a while.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @param timeout how long to wait, at least a millisecond
	 * @return the read, or {@code null} if nothing arrives in that time
	 * @throws FdException as {@link #receive(ByteBuffer)}
	 */
	public @Nullable Received receive(ByteBuffer into, Duration timeout) {
		try {
			return this.messageSocket.receive(into, Math.max(1, timeout.toMillis()));
		}
		catch (IOException ex) {
			throw FAILURE.explain(this.description, ex);
		}
	}

	/**
	 * Take descriptors from now on, if the listening socket was opened such that its
	 * connections take none before (see {@link FdServerSocket#open}).
	 * @throws FdConnectException if the connection is closed
	 */
	public void allowDescriptors() {
		try {
			this.messageSocket.passDescriptors(true);
		}
		catch (IOException ex) {
			throw FAILURE.explain(this.description, ex);
		}
	}

	/**
	 * Wait until there is something to receive, the end of the stream included.
	 * @param timeout how long to wait, zero for not at all, else at least a millisecond
	 * @return {@code false} if there was nothing in that time
	 * @throws FdConnectException if the connection broke
	 */
	public boolean awaitReadable(Duration timeout) {
		try {
			return this.messageSocket.awaitReadable(timeout.isZero() ? 0 : Math.max(1, timeout.toMillis()));
		}
		catch (IOException ex) {
			throw FAILURE.explain(this.description, ex);
		}
	}

	/**
	 * Whether the other end is closed, or receives nothing more. If it has only shut down
	 * its output, it has not left.
	 * @return {@code true} if so, or if this end is closed
	 */
	public boolean hasPeerLeft() {
		try {
			return this.messageSocket.isHungUp();
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Receive nothing more than what has arrived. Sends of the peer fail, and a thread
	 * that waits to receive sees the end of the stream. This side can still send.
	 */
	public void shutdownInput() {
		this.messageSocket.shutdownInput();
	}

	/**
	 * Shut the connection down, and close it unless it may contain descriptors that take
	 * long to close.
	 * @return {@code false} if it may, and the connection is still open
	 */
	public boolean closeIfEmpty() {
		shutdown();
		if (isEmpty()) {
			close();
			return true;
		}
		return false;
	}

	/**
	 * On sockets that preserve boundaries, a message without bytes looks like none.
	 */
	private boolean isEmpty() {
		try {
			return !this.messageSocket.takesDescriptors()
					|| this.type == SocketType.STREAM && this.messageSocket.available() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Shut the connection down. Threads that wait to receive see the end of the stream.
	 */
	public void shutdown() {
		this.messageSocket.shutdown();
	}

	/**
	 * Shut the connection down, and close it as soon as no thread uses it any more.
	 * Descriptors that it has received stay open.
	 */
	@Override
	public void close() {
		this.messageSocket.close();
	}

	@Override
	public String toString() {
		return this.description;
	}

}
