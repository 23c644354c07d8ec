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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.ReplyAddress;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.DatagramReplyChannel;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.PacketDecoding;
import io.github.fdbroker.wire.WireFormat;

/**
 * Serves a datagram socket: one thread receives messages, authorizes the sender of each,
 * and calls the listener. A message that cannot be delivered does not affect others.
 */
final class DatagramServer implements Server {

	private static final Log logger = LogFactory.getLog(DatagramServer.class);

	/** Stands for an unknown sender. */
	private static final PeerCredentials NOBODY = new PeerCredentials(0, 65534, 65534, List.of());

	/** How long to wait after the system ran out of a resource. */
	private static final int PAUSE_MILLIS = 100;

	/** How often to look for the end of closes that hang, and for that of serving. */
	private static final Duration ATTENTION = Duration.ofMillis(200);

	private final ListenerContext context;

	private final SocketSettings settings;

	private final ContainerServices services;

	private final InFlight inFlight;

	private final FdDatagramSocket socket;

	/** The leases of the senders' users. They are kept, because there are few users. */
	private final Map<Long, DescriptorLease> held = new HashMap<>();

	private final Thread receiver;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	/** Whether so many closes hang that the socket takes no further descriptors. */
	private boolean hanging;

	private volatile boolean stopping;

	private volatile boolean released;

	private DatagramServer(ListenerContext context, FdDatagramSocket socket) {
		this.context = context;
		this.settings = context.settings();
		this.services = context.services();
		this.inFlight = new InFlight(context, Runnable::run, Runnable::run);
		this.socket = socket;
		this.receiver = new Thread(this::receiveAll, context.threadPrefix() + "receiver");
	}

	/**
	 * Open the socket and start to receive.
	 */
	static DatagramServer start(ListenerContext context) {
		SocketSettings settings = context.settings();
		return start(context, FdDatagramSocket.bind(settings.path(), settings.file(), context.services().transport(),
				MessageSocketSettings.NO_WAIT));
	}

	/**
	 * Receive from a socket that another process receives from as well.
	 */
	static DatagramServer adopt(ListenerContext context, FileDescriptor socket) {
		return start(context, FdDatagramSocket.adopt(context.settings().path(), socket, context.services().transport(),
				MessageSocketSettings.NO_WAIT));
	}

	private static DatagramServer start(ListenerContext context, FdDatagramSocket socket) {
		DatagramServer server = new DatagramServer(context, socket);
		try {
			server.receiver.start();
			return server;
		}
		catch (Error ex) {
			socket.close();
			throw ex;
		}
	}

	@Override
	public int connections() {
		return 0;
	}

	@Override
	public boolean isAccepting() {
		return this.socket.isOpen();
	}

	@Override
	public OwnedFd duplicate() {
		return this.services.converters().adopt(this.socket.duplicate());
	}

	@Override
	public void release() {
		this.released = true;
		this.socket.release();
	}

	@Override
	public void bind() {
		this.socket.bind(this.settings.path());
	}

	@Override
	public CompletableFuture<Void> drain() {
		this.stopping = true;
		if (!this.released) {
			this.socket.shutdownInput();
		}
		return this.drained;
	}

	@Override
	public void abort() {
		this.stopping = true;
		this.inFlight.cancel();
		end();
		this.receiver.interrupt();
	}

	private void receiveAll() {
		try {
			ByteBuffer into = ByteBuffer
				.allocateDirect(PacketDecoding.room(this.settings.format().wireFormat(), this.settings.limits()));
			while (!this.released && !this.inFlight.isCancelled() && receive(into.clear())) {
				// Receive the next message.
			}
			this.inFlight.awaitAll();
		}
		finally {
			end();
			this.drained.complete(null);
			if (!this.stopping && !this.released) {
				logger.error("Socket %s is dead and no longer served: it was closed or shut down by other code"
					.formatted(this.settings.path()));
				this.context.died();
			}
		}
	}

	private void end() {
		if (this.released) {
			this.socket.leave();
		}
		else {
			this.socket.close();
		}
	}

	/**
	 * Receive one message. A message that is refused does not end the loop.
	 * @return {@code false} at the end
	 */
	private boolean receive(ByteBuffer into) {
		try {
			Received incoming = next(into);
			if (incoming != null && !incoming.isEnd()) {
				deliver(into.flip(), incoming, new FdSender(incoming.sender(), address(incoming)));
			}
			return incoming == null || !incoming.isEnd();
		}
		catch (FdProtocolException ex) {
			refused(ex, new FdSender(null, null));
			return true;
		}
		catch (RuntimeException | Error ex) {
			return isOpenAfter(ex);
		}
	}

	/**
	 * Receive the next message. While the closing of too many descriptors hangs, the
	 * kernel keeps further ones from the socket, and messages without descriptors are
	 * still received.
	 * @return {@code null} if there was none for a while
	 */
	private @Nullable Received next(ByteBuffer into) {
		checkCloses();
		return this.socket.receive(into, ATTENTION);
	}

	/**
	 * The quota is exceeded for longer than a moment only if closing descriptors hangs.
	 */
	private void checkCloses() {
		if (!this.hanging && exceedsQuota(0)) {
			pause();
		}
		boolean exceeded = exceedsQuota(0);
		if (exceeded != this.hanging) {
			this.hanging = exceeded;
			this.socket.passDescriptors(!exceeded);
		}
		if (exceeded) {
			logHanging("takes no descriptors");
		}
		awaitCloses();
	}

	/**
	 * Where the kernel cannot keep descriptors from a socket, they are refused one by
	 * one, and closing these may hang as well: half as many again, then nothing more is
	 * received.
	 */
	private void awaitCloses() {
		while (exceedsQuota(this.services.heldDescriptors().total() / 2) && this.socket.isOpen()
				&& this.socket.takesDescriptors()) {
			logHanging("is paused");
			pause();
		}
	}

	private boolean exceedsQuota(int margin) {
		DescriptorQuota quota = this.services.heldDescriptors();
		return quota.held() > quota.total() + margin;
	}

	private void logHanging(String consequence) {
		this.context.refusals()
			.paused("Socket %s %s: closing %d received descriptors hangs".formatted(this.settings.path(), consequence,
					this.services.closer().pending()));
	}

	private void deliver(ByteBuffer bytes, Received incoming, FdSender sender) {
		try {
			PeerCredentials credentials = credentials(sender);
			deliver(bytes, incoming, sender, credentials);
		}
		catch (FdException ex) {
			refused(ex, sender);
		}
	}

	/**
	 * From here on, the lease closes the descriptors of refused messages on another
	 * thread.
	 */
	private void deliver(ByteBuffer bytes, Received incoming, FdSender sender, PeerCredentials credentials) {
		DescriptorLease lease = this.held.computeIfAbsent(credentials.uid(),
				(uid) -> DescriptorLease.user(this.services, uid, this.settings.path().toString()));
		incoming.convertibleBy(lease);
		admit(incoming, sender);
		WireFormat format = this.settings.format().wireFormat();
		List<Envelope> envelopes = PacketDecoding.decode(format, this.settings.limits(), bytes, incoming,
				this.context.adapter().demand());
		DatagramReplyChannel replies = new DatagramReplyChannel(this.socket, format,
				new ReplyAddress(incoming.from(), credentials.uid()));
		int delivered = 0;
		try {
			for (Envelope envelope : envelopes) {
				delivered++;
				this.inFlight.deliverNow(envelope, sender, replies, lease::execute);
			}
		}
		finally {
			envelopes.subList(delivered, envelopes.size()).forEach((envelope) -> envelope.message().close());
		}
	}

	private static @Nullable String address(Received incoming) {
		UnixAddress from = incoming.from();
		return (from != null) ? from.toString() : null;
	}

	/**
	 * If the transport does not report senders, the permissions of the socket's file are
	 * the only access control.
	 */
	private PeerCredentials credentials(FdSender sender) {
		PeerCredentials credentials = sender.credentials();
		return (credentials != null) ? credentials
				: this.services.transport().passesCredentials() ? NOBODY : Descriptors.self();
	}

	private void admit(Received incoming, FdSender sender) {
		PeerCredentials credentials = sender.credentials();
		if (this.services.transport().passesCredentials()
				&& (credentials == null || !this.context.isAllowed(credentials))) {
			incoming.close();
			throw new FdAccessDeniedException(
					"it is not allowed to send, see fdbroker.sockets.%s.allow".formatted(this.settings.name()));
		}
	}

	/**
	 * Whether the socket can be used again after the system could not receive, or ran out
	 * of a resource in the middle of a message.
	 */
	private boolean isOpenAfter(Throwable failure) {
		if (!this.socket.isOpen() || failure.getCause() instanceof IOException io && Errno.isDeadSocket(io)) {
			return false;
		}
		this.context.refusals().paused(this.socket + ": " + failure.getMessage() + "; it is used again", failure);
		pause();
		return true;
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			// The next message is received earlier.
		}
	}

	private void refused(FdException failure, FdSender sender) {
		this.context.refusals()
			.refused(failure, sender.credentials(), "Socket %s refuses a message from %s: %s"
				.formatted(this.settings.path(), sender, failure.getMessage()));
	}

}
