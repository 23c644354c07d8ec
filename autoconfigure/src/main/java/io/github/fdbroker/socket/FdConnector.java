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

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SystemCalls;

/**
 * Connects to listening sockets, and waits for a socket that does not exist yet.
 */
public final class FdConnector {

	private static final long FIRST_PAUSE_MILLIS = 1;

	private static final long LONGEST_PAUSE_MILLIS = 100;

	private static final Duration MOMENT = Duration.ofMillis(1);

	/** The overflow ids, see user_namespaces(7). */
	private static final PeerCredentials NOBODY = new PeerCredentials(0, 65534, 65534, List.of());

	private final SocketPath path;

	private final Transport transport;

	private final Duration timeout;

	private final MessageSocketSettings settings;

	private volatile boolean cancelled;

	/**
	 * Create a connector.
	 * @param path where to connect to
	 * @param transport the transport for bytes and descriptors
	 * @param timeout how long to wait for a server that is not there yet or has no room
	 * @param settings how the socket is used; a datagram socket that receives credentials
	 * gets an address, to which the peer can reply
	 */
	public FdConnector(SocketPath path, Transport transport, Duration timeout, MessageSocketSettings settings) {
		this.path = path;
		this.transport = transport;
		this.timeout = timeout;
		this.settings = settings;
	}

	/**
	 * Connect, and retry with growing pauses while no server listens.
	 * @return the connection
	 * @throws FdConnectException if no server accepts in time, or the system forbids it
	 */
	public FdConnection connect() {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		Attempt attempt = attempt();
		long pause = FIRST_PAUSE_MILLIS;
		while (attempt.connection() == null) {
			checkWaiting(attempt.reason(), deadline);
			pause(pause);
			pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
			attempt = attempt();
		}
		return attempt.connection();
	}

	private Attempt attempt() {
		boolean thereBefore = isThere();
		try {
			FileDescriptor connected = tryConnect();
			return new Attempt((connected != null) ? connection(connected) : null, "its backlog is full");
		}
		catch (IOException ex) {
			return new Attempt(null, temporaryReason(ex, thereBefore));
		}
	}

	private String temporaryReason(IOException ex, boolean thereBefore) {
		if (Errno.of(ex) == Errno.ECONNREFUSED) {
			return "nobody listens";
		}
		if (thereBefore && isThere()) {
			throw new FdConnectException("Peer " + this.path + " cannot be connected to: " + ex.getMessage() + hint(ex),
					ex);
		}
		return "there is no such file";
	}

	private void checkWaiting(String reason, long deadline) {
		if (this.cancelled) {
			throw new FdConnectException(
					"Peer %s was not there: %s; the wait for it was cancelled".formatted(this.path, reason));
		}
		if (deadline - System.nanoTime() <= 0) {
			throw new FdConnectException(
					"Peer %s was not there within %d ms: %s".formatted(this.path, this.timeout.toMillis(), reason));
		}
	}

	/**
	 * Stop waiting for the server.
	 */
	public void cancel() {
		this.cancelled = true;
	}

	/**
	 * Whether there is a file, or this process may not see whether there is one.
	 */
	private boolean isThere() {
		return this.path.isAbstract() || !Files.notExists(this.path.path());
	}

	private String hint(IOException ex) {
		return (Errno.of(ex) == Errno.EPROTOTYPE) ? "; the socket there has another type than " + this.settings.type()
				: "";
	}

	/**
	 * Identify the peer: for a connection the kernel reports its process, for datagrams
	 * only the owner of the socket file is known.
	 */
	private FdConnection connection(FileDescriptor connected) throws IOException {
		String name = "peer '" + this.path.name() + "'";
		if (this.settings.type().isConnected()) {
			return FdConnection.of(name, connected, this.transport, this.settings);
		}
		FdConnection connection = ofOwner(name, connected);
		if (this.settings.passesCredentials()) {
			dropEarlier(connection);
		}
		return connection;
	}

	private FdConnection ofOwner(String name, FileDescriptor connected) throws IOException {
		try {
			return FdConnection.of(name, connected, this.transport, this.settings, owner());
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(connected);
			throw ex;
		}
	}

	/**
	 * Drop the messages that arrived before the socket was connected. Until then, a
	 * datagram socket with an address takes messages from any process that finds it in
	 * the list of bound sockets. From then on the kernel admits only the peer (unix(7)).
	 */
	static void dropEarlier(FdConnection connection) {
		ByteBuffer into = ByteBuffer.allocateDirect(1);
		try {
			Received earlier = connection.receive(into, MOMENT);
			while (earlier != null && !earlier.isEnd()) {
				earlier.close();
				earlier = connection.receive(into.clear(), MOMENT);
			}
		}
		catch (RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

	private PeerCredentials owner() throws IOException {
		if (this.path.isAbstract()) {
			return NOBODY;
		}
		PeerCredentials owner = new PeerCredentials(0, owner("unix:uid"), owner("unix:gid"), List.of());
		String objection = SocketDirectory.objection(this.path.directory(), owner.uid());
		if (objection != null) {
			throw new FdAccessDeniedException(
					"Peer %s cannot be identified by the owner of its socket file: %s; use another directory, "
						.formatted(this.path, objection) + "or type 'stream' or 'seqpacket'");
		}
		return owner;
	}

	private long owner(String attribute) throws IOException {
		return Descriptors.unsigned((int) Files.getAttribute(this.path.path(), attribute));
	}

	private @Nullable FileDescriptor tryConnect() throws IOException {
		FileDescriptor socket = Kernel.calls().socket(this.settings.type());
		boolean connected = false;
		try {
			connected = prepareAndConnect(socket);
			return connected ? socket : null;
		}
		finally {
			if (!connected) {
				Descriptors.close(socket);
			}
		}
	}

	/**
	 * Connect without blocking: a blocking connect waits without a limit if the backlog
	 * is full.
	 */
	private boolean prepareAndConnect(FileDescriptor socket) throws IOException {
		SystemCalls calls = Kernel.calls();
		this.transport.prepare(socket, this.settings);
		if (this.settings.type() == SocketType.DATAGRAM && this.settings.passesCredentials()) {
			calls.bindAbstract(socket, new byte[0]);
		}
		calls.configureBlocking(socket, false);
		boolean connected = calls.connect(socket, this.path.bytes());
		calls.configureBlocking(socket, true);
		return connected;
	}

	private void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FdConnectException("Interrupted while connecting to peer " + this.path, ex);
		}
	}

	/**
	 * The outcome of one attempt to connect.
	 *
	 * @param connection the connection, {@code null} if there is none yet
	 * @param reason why there is none
	 */
	private record Attempt(@Nullable FdConnection connection, String reason) {
	}

}
