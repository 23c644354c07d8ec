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
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.NativeCalls;
import io.github.fdbroker.system.PlatformThreads;

/**
 * A socket over sendmsg(2) and recvmsg(2). Platform threads block in these calls; virtual
 * threads, which would keep the thread that carries them from carrying others, do not
 * ({@code MSG_DONTWAIT}), and wait elsewhere.
 */
final class NativeMessageSocket extends TimedSocket {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final Received END = Received.END;

	/** The kernel takes a message of a stream up to this size whole or not at all. */
	private static final int ONE_BUFFER = 16 * 1024;

	/** Nothing came, and nothing will. */
	private static final long DRAINED = -1;

	/** Nothing came in time. */
	private static final long TIMED_OUT = -2;

	private static final int MSG_DONTWAIT = 0x40;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final int MSG_CMSG_CLOEXEC = 0x40000000;

	private final int number;

	private final NativeCalls system;

	private final SocketCalls calls;

	private final ReceiveTimeout patience = new ReceiveTimeout();

	private final MessageSocketSettings settings;

	private final MessageHeader incoming;

	/** Made for the first send: many connections never send. */
	private @Nullable MessageHeader outgoing;

	NativeMessageSocket(FileDescriptor descriptor, MessageSocketSettings settings, NativeCalls system,
			SocketCalls calls, SocketPoller poller) throws IOException {
		super(descriptor, settings.sendTimeoutMillis(), new PolledSocket(descriptor, poller));
		this.settings = settings;
		this.number = Descriptors.number(descriptor);
		this.system = system;
		this.calls = calls;
		this.incoming = new MessageHeader(system.libc());
	}

	@Override
	public void send(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to) throws IOException {
		if (to == null) {
			trySend(data, descriptors, null);
			return;
		}
		// Nothing tells when a receiver has room that the socket is not connected to.
		PlatformThreads.<Void>call(() -> {
			trySend(data, descriptors, to);
			return null;
		});
	}

	private void trySend(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to)
			throws IOException {
		FileDescriptor descriptor = acquire();
		try {
			MessageHeader message = outgoing();
			long start = (data.remaining() > ONE_BUFFER) ? System.nanoTime() : 0;
			message.prepareSend(data, descriptors);
			message.setName(to);
			long sent = this.calls.send(this.number, message, sendFlags());
			if (sent < 0) {
				sent = sendAgain(descriptor, message, (int) -sent);
			}
			data.position(data.position() + (int) sent);
			if (data.hasRemaining() && start != 0) {
				// A call that blocks returns early only when it has waited in vain.
				checkSendTimeout(start);
			}
		}
		finally {
			release();
		}
	}

	@Override
	public Received receive(ByteBuffer into) throws IOException {
		FileDescriptor descriptor = acquire();
		try {
			this.patience.set(descriptor, 0);
			long count = tryReceive(into);
			while (count < 0) {
				int errno = (int) -count;
				if (isDrained(errno)) {
					return END;
				}
				retryReceive(descriptor, errno);
				count = tryReceive(into);
			}
			return received(into, (int) count);
		}
		finally {
			release();
		}
	}

	/**
	 * Waiting in the call itself takes one call less than to wait before it, which is for
	 * virtual threads, and for sockets that somebody who shares them has set not to
	 * block. That a socket is ready says nothing for sure: the call may find nothing.
	 */
	@Override
	public @Nullable Received receive(ByteBuffer into, long timeoutMillis) throws IOException {
		FileDescriptor descriptor = acquire();
		try {
			if (!PlatformThreads.isVirtual()) {
				this.patience.set(descriptor, timeoutMillis);
			}
			long count = tryReceive(into);
			if (count < 0) {
				count = receiveAgain(descriptor, into, (int) -count, timeoutMillis);
			}
			if (count < 0) {
				this.incoming.forgetBuffer();
				return (count == DRAINED) ? END : null;
			}
			return received(into, (int) count);
		}
		finally {
			release();
		}
	}

	/**
	 * The clock is not read for calls that do not fail, which are most.
	 * @return how many bytes came, {@link #DRAINED} or {@link #TIMED_OUT}
	 */
	private long receiveAgain(FileDescriptor descriptor, ByteBuffer into, int errno, long timeoutMillis)
			throws IOException {
		boolean waited = errno == Errno.EAGAIN && waiting() == 0 && !this.system.isNonBlocking(descriptor);
		long end = System.nanoTime() + (waited ? 0 : TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
		long count = -errno;
		while (count < 0) {
			int failure = (int) -count;
			if (isDrained(failure)) {
				return DRAINED;
			}
			if (!retryReceive(failure, end - System.nanoTime())) {
				return TIMED_OUT;
			}
			count = tryReceive(into);
		}
		return count;
	}

	private MessageHeader outgoing() {
		MessageHeader message = this.outgoing;
		if (message == null) {
			message = new MessageHeader(this.system.libc());
			this.outgoing = message;
		}
		return message;
	}

	/**
	 * Whether a datagram socket that was shut down has nothing left: a call that does not
	 * wait is told to try again then, and poll(2) that it can.
	 */
	private boolean isDrained(int errno) {
		return isInputEnding() && this.settings.type() == SocketType.DATAGRAM && errno == Errno.EAGAIN;
	}

	/**
	 * Return since when a send has waited whose first call failed. Most calls do not, and
	 * the clock is not read for those. One that waits gives up after the send timeout,
	 * unless somebody who shares the socket has made it one that does not block.
	 */
	private long waitingSince(FileDescriptor descriptor, int errno) throws IOException {
		boolean waited = errno == Errno.EAGAIN && waiting() == 0 && !this.system.isNonBlocking(descriptor)
				&& !isWritable(descriptor);
		return System.nanoTime() - (waited ? this.settings.sendTimeout().toNanos() : 0);
	}

	private long sendAgain(FileDescriptor descriptor, MessageHeader message, int errno) throws IOException {
		long start = waitingSince(descriptor, errno);
		long sent = -errno;
		while (sent < 0) {
			awaitRetry(descriptor, (int) -sent, start);
			sent = this.calls.send(this.number, message, sendFlags());
		}
		return sent;
	}

	/**
	 * Nothing was taken, so the descriptors are still to go with the next attempt.
	 */
	private void awaitRetry(FileDescriptor descriptor, int errno, long start) throws IOException {
		if (errno == Errno.EINTR) {
			return;
		}
		if (errno != Errno.EAGAIN) {
			throw Errno.exception("sendmsg", errno);
		}
		awaitWritable(descriptor, start);
	}

	private long tryReceive(ByteBuffer into) {
		this.incoming.prepareReceive(into);
		if (this.settings.type() == SocketType.DATAGRAM) {
			this.incoming.clearName();
		}
		return this.calls.receive(this.number, this.incoming, MSG_CMSG_CLOEXEC | waiting());
	}

	private void retryReceive(FileDescriptor descriptor, int errno) throws IOException {
		if (errno == Errno.EAGAIN) {
			awaitReadable(descriptor);
		}
		else if (errno != Errno.EINTR) {
			throw Errno.exception("recvmsg", errno);
		}
	}

	private boolean retryReceive(int errno, long nanos) throws IOException {
		if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
			throw Errno.exception("recvmsg", errno);
		}
		return nanos > 0 && (errno == Errno.EINTR || awaitReadable(1 + TimeUnit.NANOSECONDS.toMillis(nanos)));
	}

	private int sendFlags() {
		return MSG_NOSIGNAL | (this.settings.neverWaits() ? MSG_DONTWAIT : waiting());
	}

	private static int waiting() {
		return PlatformThreads.isVirtual() ? MSG_DONTWAIT : 0;
	}

	private Received received(ByteBuffer into, int count) throws IOException {
		List<DescriptorHandle> descriptors = this.incoming.control().descriptors();
		if (this.incoming.control().isTruncated()) {
			DescriptorHandle.closeEach(descriptors);
			throw new TruncatedControlDataException(descriptors.size());
		}
		if (this.settings.passesCredentials()) {
			return receivedFromSomebody(into, count, descriptors);
		}
		if (count == 0) {
			DescriptorHandle.closeEach(descriptors);
			return END;
		}
		into.position(into.position() + count);
		return Received.of(descriptors);
	}

	/**
	 * Every message has credentials, an empty one too, and the end has none; except that
	 * of a stream, which has some that belong to nobody.
	 */
	private Received receivedFromSomebody(ByteBuffer into, int count, List<DescriptorHandle> descriptors) {
		PeerCredentials sender = this.incoming.control().credentials();
		if (count == 0 && (sender == null || !this.settings.type().preservesBoundaries())) {
			DescriptorHandle.closeEach(descriptors);
			return END;
		}
		into.position(into.position() + count);
		return new Received(descriptors, false, this.incoming.isTruncated(), ControlMessages.known(sender),
				this.incoming.name());
	}

}
