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

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.ReplyAddress;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.wire.DatagramReplyChannel;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.PacketDecoding;
import io.github.fdbroker.wire.WireFormat;

/**
 * Serves a datagram socket: one thread receives, asks for each message whether its sender
 * may send, and calls the method. What cannot be delivered costs only itself.
 */
final class DatagramServer implements Server {

	private static final Log logger = LogFactory.getLog(DatagramServer.class);

	/** How long to wait when the system is short of something. */
	private static final int PAUSE_MILLIS = 100;

	private final ListenerContext context;

	private final SocketSettings settings;

	private final ContainerServices services;

	private final InFlight inFlight;

	private final FdDatagramSocket socket;

	/** What the senders hold, by their users, of which only admitted ones get here. */
	private final Map<Long, DescriptorQuota.Lease> held = new HashMap<>();

	private final Thread receiver;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private DatagramServer(ListenerContext context, FdDatagramSocket socket) {
		this.context = context;
		this.settings = context.settings();
		this.services = context.services();
		this.inFlight = context.inFlight();
		this.socket = socket;
		this.receiver = new Thread(this::receiveAll, context.threadPrefix() + "receiver");
	}

	/**
	 * Open the socket and begin to receive.
	 */
	static DatagramServer start(ListenerContext context) {
		SocketSettings settings = context.settings();
		FdDatagramSocket socket = FdDatagramSocket.bind(settings.path(), settings.file(),
				context.services().transport(), settings.sendTimeout());
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
	public CompletableFuture<Void> drain() {
		this.socket.shutdownInput();
		return this.drained;
	}

	@Override
	public void abort() {
		this.inFlight.cancel();
		this.socket.close();
		this.receiver.interrupt();
	}

	private void receiveAll() {
		try {
			ByteBuffer into = ByteBuffer
				.allocateDirect(PacketDecoding.room(this.settings.format().wireFormat(), this.settings.limits()));
			while (!this.inFlight.isCancelled() && receive(into.clear())) {
				// The next one.
			}
			this.inFlight.awaitAll();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException | Error ex) {
			logger.error(this.socket + " is closed", ex);
		}
		finally {
			this.socket.close();
			this.drained.complete(null);
		}
	}

	/**
	 * Receive one message.
	 * @return {@code false} at the end
	 */
	private boolean receive(ByteBuffer into) throws InterruptedException {
		FdSender sender = new FdSender(null, null);
		try {
			Received incoming = this.socket.receive(into);
			if (incoming.isEnd()) {
				return false;
			}
			sender = new FdSender(incoming.sender(), address(incoming));
			deliver(into.flip(), incoming, sender);
			return true;
		}
		catch (FdConnectException ex) {
			return isShort(ex);
		}
		catch (FdException ex) {
			this.context.refusals()
				.refused(ex, sender.credentials(), "Socket %s refuses a message from %s: %s"
					.formatted(this.settings.path(), sender, ex.getMessage()));
			return true;
		}
	}

	private void deliver(ByteBuffer bytes, Received incoming, FdSender sender) throws InterruptedException {
		PeerCredentials credentials = admit(incoming, sender);
		WireFormat format = this.settings.format().wireFormat();
		List<Envelope> envelopes = PacketDecoding.decode(format, this.settings.limits(), bytes,
				incoming.convertibleBy(this.services.converters()), this.context.adapter().demand());
		DescriptorQuota.Lease share = this.held.computeIfAbsent(credentials.uid(),
				this.services.heldDescriptors()::share);
		DatagramReplyChannel replies = new DatagramReplyChannel(this.socket, format,
				new ReplyAddress(incoming.from(), credentials.uid()));
		int delivered = 0;
		try {
			for (Envelope envelope : envelopes) {
				delivered++;
				this.inFlight.deliver(envelope, sender, share, replies);
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
	 * Where nobody can be asked who sends, the kernel has let only those through who may
	 * write to the socket's file.
	 */
	private PeerCredentials admit(Received incoming, FdSender sender) {
		if (!this.services.transport().passesCredentials()) {
			return Descriptors.self();
		}
		PeerCredentials credentials = sender.credentials();
		if (credentials != null && this.settings.admission().isAllowed(credentials)) {
			return credentials;
		}
		incoming.close();
		throw new FdAccessDeniedException(
				"it is not allowed to send, see fdbroker.sockets.%s.allow".formatted(this.settings.name()));
	}

	/**
	 * Whether the socket goes on after the system could not receive.
	 */
	private boolean isShort(FdConnectException ex) throws InterruptedException {
		if (!this.socket.isOpen()) {
			return false;
		}
		this.context.refusals().paused(ex.getMessage() + "; it goes on", ex);
		Thread.sleep(PAUSE_MILLIS);
		return true;
	}

}
