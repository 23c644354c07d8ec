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
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.wire.PacketDecoding;

/**
 * Serves a datagram socket: one thread receives messages, authorizes the sender of each,
 * and calls the listener. A message that cannot be delivered does not affect others.
 */
final class DatagramServer implements Server {

	private static final Log logger = LogFactory.getLog(DatagramServer.class);

	/**
	 * How often the receiver checks whether hanging closes have ended, and whether to
	 * stop.
	 */
	private static final Duration ATTENTION = Duration.ofMillis(200);

	private final ListenerContext context;

	private final SocketSettings settings;

	private final InFlight inFlight;

	private final FdDatagramSocket socket;

	private final DatagramDelivery delivery;

	private final HangingCloses closes;

	private final Thread receiver;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private volatile boolean stopping;

	private volatile boolean released;

	private DatagramServer(ListenerContext context, FdDatagramSocket socket) {
		this.context = context;
		this.settings = context.settings();
		this.inFlight = new InFlight(context, Runnable::run, Runnable::run);
		this.socket = socket;
		this.delivery = new DatagramDelivery(context, socket, this.inFlight);
		this.closes = new HangingCloses(context, socket);
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
		return this.context.services().converters().adopt(this.socket.duplicate());
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
			reportDeath();
		}
	}

	private void reportDeath() {
		if (!this.stopping && !this.released) {
			logger.error("Socket %s is dead and no longer served: it was closed or shut down by other code"
				.formatted(this.settings.path()));
			this.context.died();
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
			this.closes.check();
			Received incoming = this.socket.receive(into, ATTENTION);
			if (incoming != null && !incoming.isEnd()) {
				this.delivery.deliver(into.flip(), incoming);
			}
			return incoming == null || !incoming.isEnd();
		}
		catch (FdProtocolException ex) {
			this.delivery.refused(ex, new FdSender(null, null));
			return true;
		}
		catch (RuntimeException | Error ex) {
			return isOpenAfter(ex);
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
		ListenerContext.pause();
		return true;
	}

}
