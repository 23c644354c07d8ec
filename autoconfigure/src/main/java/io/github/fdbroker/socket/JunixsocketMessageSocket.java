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
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Junixsocket;

/**
 * A socket over junixsocket's native methods, which block in the kernel: only platform
 * threads may call it.
 */
final class JunixsocketMessageSocket extends TimedSocket {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final Received END = Received.END;

	/**
	 * Where the descriptors begin, behind the header (struct cmsghdr on 64-bit Linux).
	 */
	private static final int CONTROL_DATA = 16;

	private static final int CONTROL_TYPE = 12;

	private static final int SCM_RIGHTS = 1;

	/** What credentials take, padded. */
	private static final int CREDENTIALS_BYTES = 32;

	/** Room for the most descriptors there can be, and for credentials. */
	private static final int CONTROL_BYTES = CREDENTIALS_BYTES + CONTROL_DATA
			+ Transport.MAX_DESCRIPTORS * Integer.BYTES;

	private static final int FAMILY_BYTES = 2;

	/** {@code sun_path}. */
	private static final int NAME_BYTES = 108;

	private final ExpendableCopy sending = new ExpendableCopy();

	private final ExpendableCopy receiving = new ExpendableCopy();

	private final ReceiveTimeout timeout = new ReceiveTimeout();

	private final MessageSocketSettings settings;

	/** Where messages are received, which may be longer than they should. */
	private ByteBuffer message = ByteBuffer.allocateDirect(0);

	private final @Nullable ByteBuffer name;

	private final ByteBuffer control = ByteBuffer.allocateDirect(CONTROL_BYTES).order(ByteOrder.nativeOrder());

	private final Object incoming = Junixsocket.ancillary(this.control);

	private final Object outgoing = Junixsocket.ancillary(ByteBuffer.allocateDirect(0));

	JunixsocketMessageSocket(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException {
		super(descriptor, settings.sendTimeoutMillis(), Readiness.POLL);
		if (settings.neverWaits()) {
			// The open file is this socket's own.
			Descriptors.configureBlocking(descriptor, false);
		}
		this.settings = settings;
		this.name = (settings.type() == SocketType.DATAGRAM) ? ByteBuffer.allocateDirect(Junixsocket.ADDRESS_LENGTH)
				: null;
		openCopies(descriptor);
	}

	/**
	 * At once, so that a full descriptor table is no matter later.
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

	@Override
	public void send(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to) throws IOException {
		ByteBuffer address = (to != null) ? Junixsocket.address(to.name()) : null;
		FileDescriptor descriptor = acquire();
		try (BorrowedFd copy = this.sending.lend(descriptor)) {
			long start = System.nanoTime();
			int sent = trySend(copy.descriptor(), data, descriptors, address);
			if (!data.hasRemaining()) {
				checkSendTimeout(start);
				return;
			}
			while (sent == 0) {
				awaitWritable(descriptor, start);
				sent = trySend(copy.descriptor(), data, descriptors, address);
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

	/**
	 * The descriptors are set for each attempt, because junixsocket drops them together
	 * with an attempt that finds no room. Whether an empty message was sent it does not
	 * tell: the socket blocks, so it was unless the send timeout has elapsed.
	 */
	private int trySend(FileDescriptor descriptor, ByteBuffer data, List<FileDescriptor> descriptors,
			@Nullable ByteBuffer address) throws IOException {
		Junixsocket.setPendingDescriptors(this.outgoing, numbers(descriptors));
		return Junixsocket.send(descriptor, data, address, this.outgoing);
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
		List<DescriptorHandle> descriptors = takeDescriptors();
		if (count <= 0) {
			DescriptorHandle.closeEach(descriptors);
			return deadline.isOver() ? null : END;
		}
		into.position(into.position() + count);
		return Received.of(descriptors);
	}

	/**
	 * That a message is cut shows by the byte that it has more than it should.
	 */
	private @Nullable Received receiveMessage(FileDescriptor copy, ByteBuffer into, Deadline deadline)
			throws IOException {
		if (this.message.capacity() <= into.remaining()) {
			this.message = ByteBuffer.allocateDirect(into.remaining() + 1);
		}
		int room = into.remaining();
		int count = awaitReceive(copy, this.message.clear().limit(room + 1), deadline);
		List<DescriptorHandle> descriptors = takeDescriptors();
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
	 * Whether nothing came because nothing will. An empty message looks the same; it is
	 * one if nothing can be read behind it yet, or something can that is not empty.
	 */
	private boolean isEnd(FileDescriptor descriptor) throws IOException {
		return (isInputEnding() || this.settings.type().isConnected())
				&& Junixsocket.poll(descriptor, Junixsocket.OP_READ, 0) != 0 && Junixsocket.available(descriptor) == 0;
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
	 * Return how many bytes came, -1 for an empty message, the end, or if the kernel has
	 * waited long enough, and 0 if the socket does not block and this waited instead. A
	 * datagram socket that does not block stays readable after its shutdown, but
	 * recvmsg(2) says EAGAIN.
	 */
	private int awaitReceive(FileDescriptor copy, ByteBuffer into, Deadline deadline) throws IOException {
		boolean ended = isInputEnded();
		int count = tryReceive(copy, into);
		while (count == 0 && !ended && !deadline.isOver()) {
			boolean readable = awaitReadable(deadline.remainingMillis());
			// Nobody else reads a socket that does not block: it was shut down, perhaps
			// by other code.
			ended = isInputEnded() || readable && this.settings.neverWaits();
			count = tryReceive(copy, into);
		}
		return count;
	}

	/**
	 * Where control data is truncated, junixsocket reports an error and says nothing of
	 * the descriptors that the kernel installed all the same. They stand in the control
	 * buffer, which the kernel leaves as it is where there is no control message.
	 */
	private int tryReceive(FileDescriptor descriptor, ByteBuffer into) throws IOException {
		this.control.putLong(0, 0).putLong(CREDENTIALS_BYTES, 0);
		try {
			return Junixsocket.receive(descriptor, into, this.name, this.incoming);
		}
		catch (IOException ex) {
			int installed = closeInstalled();
			boolean truncated = installed > 0 || Errno.of(ex) == Errno.ENOBUFS;
			throw truncated ? new TruncatedControlDataException(installed) : ex;
		}
	}

	/**
	 * Where somebody has set {@code SO_PASSCRED} on the socket, credentials come first.
	 */
	private int closeInstalled() {
		int start = (this.control.getInt(CONTROL_TYPE) == SCM_RIGHTS) ? 0 : CREDENTIALS_BYTES;
		int installed = (int) (this.control.getLong(start) - CONTROL_DATA) / Integer.BYTES;
		for (int i = 0; i < installed; i++) {
			Descriptors.close(Junixsocket.descriptor(this.control.getInt(start + CONTROL_DATA + i * Integer.BYTES)));
		}
		return Math.max(installed, 0);
	}

	private List<DescriptorHandle> takeDescriptors() {
		FileDescriptor[] received = Junixsocket.takeReceived(this.incoming);
		if (received.length == 0) {
			return List.of();
		}
		try {
			List<DescriptorHandle> descriptors = new ArrayList<>(received.length);
			for (FileDescriptor descriptor : received) {
				setCloseOnExec(descriptor);
				descriptors.add(new DescriptorHandle(Descriptors.number(descriptor)));
			}
			return descriptors;
		}
		catch (OutOfMemoryError ex) {
			Descriptors.close(List.of(received));
			throw ex;
		}
	}

	@Override
	void closeDescriptor() {
		super.closeDescriptor();
		this.sending.close();
		this.receiving.close();
	}

	private static int @Nullable [] numbers(List<FileDescriptor> descriptors) {
		if (descriptors.isEmpty()) {
			return null;
		}
		int[] numbers = new int[descriptors.size()];
		for (int i = 0; i < numbers.length; i++) {
			numbers[i] = Junixsocket.number(descriptors.get(i));
		}
		return numbers;
	}

	private static void setCloseOnExec(FileDescriptor descriptor) {
		try {
			Junixsocket.setCloseOnExec(descriptor);
		}
		catch (IOException ex) {
			// The flag guards child processes, and the descriptor works without it.
		}
	}

	/**
	 * When to wait no longer.
	 *
	 * @param end the time, as {@link System#nanoTime()} has it
	 * @param limited whether there is such a time
	 */
	private record Deadline(long end, boolean limited) {

		Deadline(long timeoutMillis) {
			this(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis), timeoutMillis > 0);
		}

		boolean isOver() {
			return this.limited && this.end - System.nanoTime() <= 0;
		}

		long remainingMillis() {
			return this.limited ? 1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, this.end - System.nanoTime())) : -1;
		}

	}

}
