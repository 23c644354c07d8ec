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
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
import io.github.fdbroker.system.Errno;

/**
 * A connection for bytes and descriptors, with the credentials of its other end.
 * <p>
 * Several threads may send, whose data never mixes; one thread may receive. Any thread
 * may shut down or close.
 */
public final class FdConnection implements Closeable {

	/** How long to try to send descriptors to a peer that takes none yet. */
	private static final long AUTHORIZATION_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final String description;

	private final MessageSocket messageSocket;

	private final SocketType type;

	private final PeerCredentials peer;

	private final int maxDescriptors;

	private FdConnection(String description, MessageSocket messageSocket, SocketType type, PeerCredentials peer,
			int maxDescriptors) {
		this.type = type;
		this.description = description;
		this.messageSocket = messageSocket;
		this.peer = peer;
		this.maxDescriptors = maxDescriptors;
	}

	/**
	 * Take over a connected socket.
	 * @param name the name of the socket in exceptions
	 * @param descriptor the socket, which is closed if this fails
	 * @param transport the transport for bytes and descriptors
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the connection
	 * @throws IOException if the socket is not usable
	 */
	public static FdConnection of(String name, FileDescriptor descriptor, Transport transport, Duration sendTimeout)
			throws IOException {
		return of(name, descriptor, transport, MessageSocketSettings.stream(sendTimeout));
	}

	/**
	 * Take over a connected socket.
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
	 * Take over one end of a socketpair(2), for which the kernel does not tell who holds
	 * the other end, but who made the pair: {@link #peer()} is this process.
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
	 * Take over a connected socket whose peer is known.
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
	 * Send bytes and descriptors, all of them or, as far as anyone can tell, none. If the
	 * connection breaks, nothing more can be sent on it.
	 * @param data a direct buffer, on a stream with at least one byte
	 * @param descriptors the descriptors, which go with the first byte; nobody may close
	 * them meanwhile
	 * @throws FdLimitException if there are more descriptors than the system passes, or
	 * it can take no more at present; the connection goes on
	 * @throws FdAccessDeniedException if the peer takes no descriptors for five seconds,
	 * or a security module forbids sending them; the connection is closed
	 * @throws FdTimeoutException if the peer takes nothing for the send timeout; the
	 * connection is closed
	 * @throws FdConnectException if the connection is broken; what the peer sent before
	 * can still be received, and the exception tells whether nothing was sent
	 */
	public void send(ByteBuffer data, List<FileDescriptor> descriptors) {
		SendFailure.checkDescriptors(descriptors.size(), this.maxDescriptors);
		int start = data.position();
		try {
			begin(data, descriptors);
			while (data.hasRemaining()) {
				this.messageSocket.send(data, List.of());
			}
		}
		catch (IOException ex) {
			throw sendFailed(ex, data.position() - start, data.limit() - start);
		}
		catch (RuntimeException | Error ex) {
			if (data.position() > start) {
				this.messageSocket.close();
			}
			throw ex;
		}
	}

	/**
	 * A peer may take no descriptors before it has authorized this process, and nothing
	 * tells when it has.
	 */
	private void begin(ByteBuffer data, List<FileDescriptor> descriptors) throws IOException {
		try {
			this.messageSocket.send(data, descriptors);
		}
		catch (IOException ex) {
			long end = System.nanoTime() + AUTHORIZATION_NANOS;
			long pause = 1;
			IOException failure = ex;
			while (failure != null) {
				if (descriptors.isEmpty() || Errno.of(failure) != Errno.EPERM || end - System.nanoTime() <= 0) {
					throw failure;
				}
				pause(pause);
				pause *= 2;
				failure = trySend(data, descriptors);
			}
		}
	}

	private @Nullable IOException trySend(ByteBuffer data, List<FileDescriptor> descriptors) {
		try {
			this.messageSocket.send(data, descriptors);
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	private static void pause(long millis) throws IOException {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("interrupted before the peer took descriptors");
		}
	}

	/**
	 * Receive what the kernel has, waiting for some.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @return what came with these bytes, if it is not the end; the caller owns the
	 * descriptors, also those of a message that was cut
	 * @throws FdProtocolException if descriptors were lost; none is left open
	 * @throws FdConnectException if the connection broke
	 */
	public Received receive(ByteBuffer into) {
		try {
			return this.messageSocket.receive(into);
		}
		catch (IOException ex) {
			throw receiveFailed(ex);
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
			throw receiveFailed(ex);
		}
	}

	private FdException receiveFailed(IOException ex) {
		if (ex instanceof TruncatedControlDataException) {
			return new FdProtocolException(this + ": " + ex.getMessage(), ex);
		}
		return new FdConnectException(
				this + " broke: " + ex.getMessage() + ((Errno.of(ex) == Errno.ECONNRESET) ? SendFailure.REFUSED : ""),
				ex);
	}

	/**
	 * Take descriptors from now on, where the listening socket has its connections take
	 * none before (see {@link FdServerSocket#open}).
	 * @throws FdConnectException if the connection is closed
	 */
	public void allowDescriptors() {
		try {
			this.messageSocket.passDescriptors(true);
		}
		catch (IOException ex) {
			throw new FdConnectException(this + " broke: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Wait until there is something to receive, the end of the stream included.
	 * @param timeout how long to wait, zero to only look, and else at least a millisecond
	 * @return {@code false} if there was nothing in that time
	 * @throws FdConnectException if the connection broke
	 */
	public boolean awaitReadable(Duration timeout) {
		try {
			return this.messageSocket.awaitReadable(timeout.isZero() ? 0 : Math.max(1, timeout.toMillis()));
		}
		catch (IOException ex) {
			throw new FdConnectException(this + " broke: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Whether the other end is closed, or receives nothing any more: not if it has only
	 * said that it sends nothing more.
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
	 * Receive nothing more than what has come already: the peer's sends fail, and who
	 * waits to receive sees the end of the stream after that. Sending goes on.
	 */
	public void shutdownInput() {
		this.messageSocket.shutdownInput();
	}

	/**
	 * Shut the connection down, and close it if nothing waits in it that may take long to
	 * close.
	 * @return {@code false} if something does, and the connection is still open
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
	 * A message without bytes looks like none.
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
	 * Shut the connection down, which wakes whoever waits in it with the end of the
	 * stream.
	 */
	public void shutdown() {
		this.messageSocket.shutdown();
	}

	/**
	 * Shut the connection down, and close it as soon as no thread uses it any more. No
	 * descriptor that came over it is affected.
	 */
	@Override
	public void close() {
		this.messageSocket.close();
	}

	@Override
	public String toString() {
		return this.description;
	}

	private FdException sendFailed(IOException ex, int sent, int length) {
		if (sent == 0) {
			FdException failure = SendFailure.explain(toString(), ex, length);
			if (failure instanceof FdConnectException) {
				this.messageSocket.shutdownOutput();
			}
			else if (!(failure instanceof FdLimitException)) {
				this.messageSocket.close();
			}
			return failure;
		}
		if (ex instanceof SocketTimeoutException) {
			this.messageSocket.close();
			return new FdTimeoutException(this + " is closed: " + ex.getMessage(), ex);
		}
		// Whatever is sent next would be taken for the rest of this message.
		this.messageSocket.shutdownOutput();
		return new FdConnectException(
				this + " broke in the middle of a message: " + ex.getMessage() + SendFailure.REFUSED, ex);
	}

}
