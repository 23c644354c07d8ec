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
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SendBuffer;

/**
 * An {@code AF_UNIX} datagram socket without a connection. Several threads may send, one
 * after the other; one thread may receive. Shutting down and closing are for any thread
 * at any time.
 */
public final class FdDatagramSocket implements Closeable {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final ReceiveFailure FAILURE = new ReceiveFailure();

	private final String name;

	private final MessageSocket messageSocket;

	private final int maxDescriptors;

	private final ReentrantLock sending = new ReentrantLock();

	private final ReplyShares shares = new ReplyShares();

	private final AddressHold address;

	private FdDatagramSocket(String name, FileDescriptor descriptor, Transport transport,
			MessageSocketSettings settings, @Nullable Binding binding) throws IOException {
		this.name = name;
		this.messageSocket = messageSocket(descriptor, transport, settings);
		this.maxDescriptors = transport.maxDescriptors();
		this.address = new AddressHold(binding);
	}

	/**
	 * Open a socket that receives. Its file appears complete, with its mode and group,
	 * and replaces nothing but a stale socket of this user.
	 * @param path where
	 * @param settings the mode and group of its file
	 * @param transport the transport for bytes and descriptors
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the socket
	 * @throws FdConfigurationException if another process serves the path, a socket
	 * cannot be there, or this system has no such sockets
	 */
	public static FdDatagramSocket bind(SocketPath path, SocketFileSettings settings, Transport transport,
			Duration sendTimeout) {
		NewSocket created = NewSocket.create(transport,
				new MessageSocketSettings(SocketType.DATAGRAM, true, sendTimeout), 0);
		Binding binding = bind(created, path, settings);
		try {
			return new FdDatagramSocket(path.name(), created.descriptor(), transport, created.settings(), binding);
		}
		catch (IOException ex) {
			binding.remove();
			throw FdConfigurationException.unsupportedSystem("Socket " + path + " cannot be used: " + ex.getMessage(),
					ex);
		}
		catch (RuntimeException | Error ex) {
			binding.remove();
			throw ex;
		}
	}

	/**
	 * Adopt a socket that another process opened, and still owns the path of.
	 * @param path where it is
	 * @param descriptor the socket, which is closed if this fails
	 * @param transport the transport for bytes and descriptors
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the socket, which leaves its file alone until {@link #bind()}
	 */
	public static FdDatagramSocket adopt(SocketPath path, FileDescriptor descriptor, Transport transport,
			Duration sendTimeout) {
		try {
			return new FdDatagramSocket(path.name(), descriptor, transport,
					new MessageSocketSettings(SocketType.DATAGRAM, true, sendTimeout), null);
		}
		catch (IOException ex) {
			throw new FdConnectException("Socket '%s' cannot be served: %s".formatted(path.name(), ex.getMessage()),
					ex);
		}
	}

	/**
	 * Become the owner of the path of an adopted socket. Has no effect if this is its
	 * owner already, or closed.
	 * @param path where it is
	 * @throws FdConfigurationException if another process owns the path
	 */
	public void bind(SocketPath path) {
		this.address.takeOver(path);
	}

	private static Binding bind(NewSocket created, SocketPath path, SocketFileSettings settings) {
		try {
			return Binding.of(created, path, settings);
		}
		catch (RuntimeException | Error ex) {
			Descriptors.close(created.descriptor());
			throw ex;
		}
	}

	/**
	 * Open a socket without an address, which can only send.
	 * @param name the name of the socket in exceptions
	 * @param transport the transport for bytes and descriptors
	 * @param sendTimeout how long a send waits for room, zero for no limit
	 * @return the socket
	 * @throws FdConnectException if the process can open no more descriptors
	 */
	public static FdDatagramSocket open(String name, Transport transport, Duration sendTimeout) {
		try {
			return new FdDatagramSocket(name, Kernel.calls().socket(SocketType.DATAGRAM), transport,
					MessageSocketSettings.of(SocketType.DATAGRAM, sendTimeout), Binding.NONE);
		}
		catch (IOException ex) {
			throw new FdConnectException("Socket '%s' cannot be created: %s".formatted(name, ex.getMessage()), ex);
		}
	}

	private static MessageSocket messageSocket(FileDescriptor descriptor, Transport transport,
			MessageSocketSettings settings) throws IOException {
		try {
			return transport.messageSocket(descriptor, settings);
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
	}

	/**
	 * Send one message, whole or not at all.
	 * @param data a direct buffer, which may be empty
	 * @param descriptors the descriptors, which must stay open during the call
	 * @param to where to
	 * @throws FdLimitException if the message is larger than the system passes, or it can
	 * take no more at present
	 * @throws FdTimeoutException if the receiver takes nothing for the send timeout
	 * @throws FdConnectException if no socket receives at the address
	 */
	public void send(ByteBuffer data, List<FileDescriptor> descriptors, UnixAddress to) {
		SendFailure.checkDescriptors(descriptors.size(), this.maxDescriptors);
		int length = data.remaining();
		this.sending.lock();
		try {
			this.messageSocket.send(data, descriptors, to);
		}
		catch (IOException ex) {
			throw SendFailure.explain(this + " cannot send to " + to, ex, length);
		}
		finally {
			this.sending.unlock();
		}
	}

	/**
	 * Send one message as {@link #send} does, unless the receiver leaves messages unread
	 * and others need the room.
	 * @param data a direct buffer, which may be empty
	 * @param descriptors the descriptors, which must stay open during the call
	 * @param to where to
	 * @param uid the user of the receiver
	 * @throws FdTimeoutException if the receiver has to read first
	 * @throws FdException as {@link #send}
	 */
	public void reply(ByteBuffer data, List<FileDescriptor> descriptors, UnixAddress to, long uid) {
		this.sending.lock();
		try {
			if (this.messageSocket.isWritable()) {
				this.shares.reset();
				send(data, descriptors, to);
			}
			else {
				sendShare(data, descriptors, to, uid);
			}
		}
		catch (IOException ex) {
			throw SendFailure.explain(this + " cannot send to " + to, ex, data.remaining());
		}
		finally {
			this.sending.unlock();
		}
	}

	private void sendShare(ByteBuffer data, List<FileDescriptor> descriptors, UnixAddress to, long uid)
			throws IOException {
		SendBuffer before = this.messageSocket.sendBuffer();
		if (!this.shares.admits(to, uid, before)) {
			throw new FdTimeoutException(
					"%s cannot send to %s: it leaves replies unread, which use %d of the %d bytes of the send buffer"
						.formatted(this, to, before.used(), before.size()));
		}
		send(data, descriptors, to);
		this.shares.sent(to, uid, before.used(), this.messageSocket.sendBuffer().used());
	}

	/**
	 * Receive one message, waiting for it.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @return what came with the bytes, if it is not the end; the caller owns the
	 * descriptors, also those of a truncated message
	 * @throws FdProtocolException if descriptors were lost; none is left open, and the
	 * socket stays usable
	 * @throws FdException if the socket is closed
	 */
	public Received receive(ByteBuffer into) {
		try {
			return this.messageSocket.receive(into);
		}
		catch (IOException ex) {
			throw FAILURE.explain(toString(), ex);
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
			return this.messageSocket.receive(into, timeout.toMillis());
		}
		catch (IOException ex) {
			throw FAILURE.explain(toString(), ex);
		}
	}

	/**
	 * Whether senders may send descriptors ({@code SO_PASSRIGHTS}).
	 * @return {@code true} also if the system cannot determine it
	 */
	public boolean takesDescriptors() {
		try {
			return this.messageSocket.takesDescriptors();
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Set whether this socket accepts descriptors ({@code SO_PASSRIGHTS}, Linux 6.16): a
	 * process that sends some to it gets EPERM. Has no effect where the system cannot do
	 * that, see {@link #takesDescriptors()}.
	 * @param pass whether it takes descriptors
	 */
	public void passDescriptors(boolean pass) {
		try {
			this.messageSocket.passDescriptors(pass);
		}
		catch (IOException ex) {
			// The caller asks.
		}
	}

	/**
	 * Whether messages are received.
	 * @return {@code false} once the input is shut down
	 */
	public boolean isOpen() {
		return !this.address.isEnded();
	}

	/**
	 * Duplicate the socket, for another process.
	 * @return the duplicate, which the caller has to close
	 * @throws FdException if the socket is closed, or no descriptor is free
	 */
	public FileDescriptor duplicate() {
		try {
			return this.messageSocket.duplicate();
		}
		catch (IOException ex) {
			throw new FdConnectException(this + " cannot be duplicated: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Remove the file if it is still the file of this socket, and receive nothing more
	 * than what has arrived.
	 */
	public void shutdownInput() {
		this.address.remove();
		this.messageSocket.shutdownInput();
	}

	/**
	 * Leave the file to the other holders of the socket. What is received until
	 * {@link #leave()} was sent to all of them.
	 */
	public void release() {
		this.address.release();
	}

	/**
	 * Close the socket as soon as no thread uses it any more, and leave it to its other
	 * holders as it is.
	 */
	public void leave() {
		release();
		this.messageSocket.leave();
	}

	/**
	 * Remove the file if it is still the file of this socket, shut the socket down, and
	 * close it as soon as no thread uses it any more.
	 */
	@Override
	public void close() {
		shutdownInput();
		this.messageSocket.close();
	}

	@Override
	public String toString() {
		return "Datagram socket '" + this.name + "'";
	}

}
