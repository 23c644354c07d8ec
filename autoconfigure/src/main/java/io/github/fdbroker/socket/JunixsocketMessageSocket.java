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
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.KernelAddress;
import io.github.fdbroker.system.SystemCalls;

/**
 * A socket over junixsocket's native methods, which block in the kernel: only platform
 * threads may call it.
 */
final class JunixsocketMessageSocket extends TimedSocket {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final Received END = Received.END;

	private static final int FAMILY_BYTES = 2;

	/** {@code sun_path}. */
	private static final int NAME_BYTES = 108;

	private final ExpendableCopy sending = new ExpendableCopy();

	private final ExpendableCopy receiving = new ExpendableCopy();

	private final ReceiveTimeout timeout = new ReceiveTimeout();

	private final MessageSocketSettings settings;

	/**
	 * Has one byte more room than the caller, which shows that a message is truncated.
	 */
	private ByteBuffer message = ByteBuffer.allocateDirect(0);

	private final @Nullable ByteBuffer name;

	private final JunixsocketControl control = new JunixsocketControl();

	JunixsocketMessageSocket(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException {
		super(descriptor, settings.sendTimeoutMillis(), Readiness.POLL);
		if (settings.neverWaits()) {
			// The open file is this socket's own.
			Descriptors.configureBlocking(descriptor, false);
		}
		this.settings = settings;
		this.name = (settings.type() == SocketType.DATAGRAM) ? KernelAddress.buffer() : null;
		openCopies(descriptor);
	}

	/**
	 * Open both copies now: later the descriptor table may be full.
	 */
	private void openCopies(FileDescriptor descriptor) throws IOException {
		try {
			this.sending.lend(descriptor).close();
			this.receiving.lend(descriptor).close();
		}
		catch (IOException | RuntimeException | Error ex) {
			this.sending.close();
			throw ex;
		}
	}

	/**
	 * junixsocket does not report whether an empty message was sent. The socket blocks,
	 * so it was sent unless the send timeout has elapsed.
	 */
	@Override
	public void send(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to) throws IOException {
		ByteBuffer address = (to != null) ? KernelAddress.encode(to.name()) : null;
		FileDescriptor descriptor = acquire();
		try (BorrowedFd copy = this.sending.lend(descriptor)) {
			long start = System.nanoTime();
			int sent = this.control.send(copy.descriptor(), data, descriptors, address);
			if (!data.hasRemaining()) {
				checkSendTimeout(start);
				return;
			}
			while (sent == 0) {
				awaitWritable(descriptor, start);
				sent = this.control.send(copy.descriptor(), data, descriptors, address);
			}
			data.position(data.position() + sent);
			if (data.hasRemaining()) {
				checkSendTimeout(start);
			}
		}
		finally {
			release();
		}
	}

	@Override
	public Received receive(ByteBuffer into) throws IOException {
		return Objects.requireNonNull(receive(into, 0));
	}

	@Override
	public @Nullable Received receive(ByteBuffer into, long timeoutMillis) throws IOException {
		FileDescriptor descriptor = acquire();
		try (BorrowedFd copy = this.receiving.lend(descriptor)) {
			this.timeout.set(descriptor, timeoutMillis);
			Deadline deadline = new Deadline(timeoutMillis);
			return this.settings.type().preservesBoundaries() ? receiveMessage(copy.descriptor(), into, deadline)
					: receiveBytes(copy.descriptor(), into, deadline);
		}
		finally {
			release();
		}
	}

	private @Nullable Received receiveBytes(FileDescriptor copy, ByteBuffer into, Deadline deadline)
			throws IOException {
		int count = awaitReceive(copy, into, deadline);
		List<DescriptorHandle> descriptors = this.control.takeDescriptors();
		if (count <= 0) {
			DescriptorHandle.closeEach(descriptors);
			return deadline.isOver() ? null : END;
		}
		into.position(into.position() + count);
		return Received.of(descriptors);
	}

	/**
	 * A message is truncated if it has one byte more than there is room for.
	 */
	private @Nullable Received receiveMessage(FileDescriptor copy, ByteBuffer into, Deadline deadline)
			throws IOException {
		if (this.message.capacity() <= into.remaining()) {
			this.message = ByteBuffer.allocateDirect(into.remaining() + 1);
		}
		int room = into.remaining();
		int count = awaitReceive(copy, this.message.clear().limit(room + 1), deadline);
		List<DescriptorHandle> descriptors = this.control.takeDescriptors();
		if (count <= 0 && descriptors.isEmpty()) {
			if (deadline.isOver()) {
				return null;
			}
			if (count == 0 || isEnd(copy)) {
				return END;
			}
		}
		into.put(this.message.limit(Math.min(Math.max(count, 0), room)));
		return new Received(descriptors, false, count > room, null, sender());
	}

	/**
	 * Whether nothing came because this is the end. An empty message looks the same. It
	 * is one if nothing can be read after it yet, or something that is not empty.
	 */
	private boolean isEnd(FileDescriptor descriptor) throws IOException {
		SystemCalls calls = Kernel.calls();
		return (isInputEnding() || this.settings.type().isConnected())
				&& calls.poll(descriptor, SystemCalls.OP_READ, 0) != 0 && calls.available(descriptor) == 0;
	}

	private @Nullable UnixAddress sender() {
		if (this.name == null) {
			return null;
		}
		byte[] bytes = new byte[NAME_BYTES];
		this.name.get(FAMILY_BYTES, bytes);
		return UnixAddress.receivedPadded(bytes);
	}

	/**
	 * Wait for bytes. A datagram socket that does not block stays readable after its
	 * shutdown, but recvmsg(2) fails with EAGAIN.
	 * @return how many bytes came; -1 for an empty message, the end, or if the kernel has
	 * waited long enough; 0 if the socket does not block and this method has waited
	 */
	private int awaitReceive(FileDescriptor copy, ByteBuffer into, Deadline deadline) throws IOException {
		boolean ended = isInputEnded();
		int count = this.control.receive(copy, into, this.name);
		while (count == 0 && !ended && !deadline.isOver()) {
			boolean readable = awaitReadable(deadline.remainingMillis());
			// No other thread reads a socket that does not block. So it was shut down,
			// perhaps by other code.
			ended = isInputEnded() || readable && this.settings.neverWaits();
			count = this.control.receive(copy, into, this.name);
		}
		return count;
	}

	@Override
	void closeDescriptor() {
		super.closeDescriptor();
		this.sending.close();
		this.receiving.close();
	}

}
