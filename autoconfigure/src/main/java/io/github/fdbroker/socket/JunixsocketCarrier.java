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

import org.jspecify.annotations.Nullable;

/**
 * A connected socket over junixsocket's native methods, which block in the kernel: only
 * platform threads may call it.
 */
final class JunixsocketCarrier implements Carrier {

	/**
	 * Where the descriptors begin, behind the header (struct cmsghdr on 64-bit Linux).
	 */
	private static final int CONTROL_DATA = 16;

	private static final int CONTROL_BYTES = CONTROL_DATA + JunixsocketTransport.MAX_DESCRIPTORS * Integer.BYTES;

	private final SocketHandle socket;

	private final ByteBuffer control = ByteBuffer.allocateDirect(CONTROL_BYTES).order(ByteOrder.nativeOrder());

	private final Object incoming = Junixsocket.ancillary(this.control);

	private final Object outgoing = Junixsocket.ancillary(ByteBuffer.allocateDirect(0));

	JunixsocketCarrier(FileDescriptor descriptor, int sendTimeout) throws IOException {
		this.socket = new SocketHandle(descriptor, sendTimeout, Readiness.POLL);
	}

	@Override
	public void send(ByteBuffer data, List<FileDescriptor> descriptors) throws IOException {
		FileDescriptor descriptor = this.socket.acquire();
		try {
			long start = System.nanoTime();
			int sent = trySend(descriptor, data, descriptors);
			while (sent == 0) {
				this.socket.awaitWritable(descriptor, start);
				sent = trySend(descriptor, data, descriptors);
			}
			data.position(data.position() + sent);
		}
		finally {
			this.socket.release();
		}
	}

	/**
	 * The descriptors are set for each attempt, because junixsocket drops them together
	 * with an attempt that finds no room.
	 */
	private int trySend(FileDescriptor descriptor, ByteBuffer data, List<FileDescriptor> descriptors)
			throws IOException {
		Junixsocket.setPendingDescriptors(this.outgoing, numbers(descriptors));
		return Junixsocket.send(descriptor, data, this.outgoing);
	}

	@Override
	public @Nullable List<DescriptorHandle> receive(ByteBuffer into) throws IOException {
		FileDescriptor descriptor = this.socket.acquire();
		try {
			int count = tryReceive(descriptor, into);
			while (count == 0) {
				this.socket.awaitReadable(descriptor);
				count = tryReceive(descriptor, into);
			}
			List<DescriptorHandle> descriptors = takeDescriptors();
			if (count < 0) {
				descriptors.forEach(DescriptorHandle::close);
				return null;
			}
			into.position(into.position() + count);
			return descriptors;
		}
		finally {
			this.socket.release();
		}
	}

	/**
	 * Where control data is truncated, junixsocket reports an error and says nothing of
	 * the descriptors that the kernel installed all the same. They stand in the control
	 * buffer, which the kernel leaves as it is where there is no control message.
	 */
	private int tryReceive(FileDescriptor descriptor, ByteBuffer into) throws IOException {
		this.control.putLong(0, 0);
		try {
			return Junixsocket.receive(descriptor, into, this.incoming);
		}
		catch (IOException ex) {
			int installed = closeInstalled();
			boolean truncated = installed > 0 || String.valueOf(ex.getMessage()).contains("No buffer space");
			throw truncated ? new TruncatedControlDataException(installed) : ex;
		}
	}

	private int closeInstalled() {
		int installed = (int) (this.control.getLong(0) - CONTROL_DATA) / Integer.BYTES;
		for (int i = 0; i < installed; i++) {
			Descriptors.close(Junixsocket.descriptor(this.control.getInt(CONTROL_DATA + i * Integer.BYTES)));
		}
		return Math.max(installed, 0);
	}

	private List<DescriptorHandle> takeDescriptors() {
		FileDescriptor[] received = Junixsocket.takeReceived(this.incoming);
		if (received.length == 0) {
			return List.of();
		}
		List<DescriptorHandle> descriptors = new ArrayList<>(received.length);
		for (FileDescriptor descriptor : received) {
			setCloseOnExec(descriptor);
			descriptors.add(new DescriptorHandle(Descriptors.number(descriptor)));
		}
		return descriptors;
	}

	@Override
	public boolean awaitReadable(long timeoutMillis) throws IOException {
		return this.socket.awaitReadable(timeoutMillis);
	}

	@Override
	public void shutdownInput() {
		this.socket.shutdown(Junixsocket.SHUT_RD);
	}

	@Override
	public void shutdown() {
		this.socket.shutdown(Junixsocket.SHUT_RDWR);
	}

	@Override
	public void close() {
		this.socket.close();
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

}
