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

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.JunixsocketMessages;
import io.github.fdbroker.system.Kernel;

/**
 * The control messages of one socket, which junixsocket sends and receives. One thread
 * may send while another receives.
 */
final class JunixsocketControl {

	/**
	 * Where the descriptors begin, behind the header (struct cmsghdr on 64-bit Linux).
	 */
	private static final int CONTROL_DATA = 16;

	private static final int CONTROL_TYPE = 12;

	private static final int SCM_RIGHTS = 1;

	/** The length of credentials, padded. */
	private static final int CREDENTIALS_BYTES = 32;

	/** Room for as many descriptors as there can be, and for credentials. */
	private static final int CONTROL_BYTES = CREDENTIALS_BYTES + CONTROL_DATA
			+ Transport.MAX_DESCRIPTORS * Integer.BYTES;

	private final ByteBuffer control = ByteBuffer.allocateDirect(CONTROL_BYTES).order(ByteOrder.nativeOrder());

	private final Object incoming = JunixsocketMessages.ancillary(this.control);

	private final Object outgoing = JunixsocketMessages.ancillary(ByteBuffer.allocateDirect(0));

	/**
	 * Send bytes and descriptors. The descriptors are set for each attempt, because
	 * junixsocket drops them together with an attempt that finds no room.
	 * @param address the receiver, {@code null} for the peer
	 * @return how many bytes were taken, 0 also if there is no room
	 */
	int send(FileDescriptor socket, ByteBuffer data, List<FileDescriptor> descriptors, @Nullable ByteBuffer address)
			throws IOException {
		JunixsocketMessages.setPendingDescriptors(this.outgoing, numbers(descriptors));
		return JunixsocketMessages.send(socket, data, address, this.outgoing);
	}

	private static int @Nullable [] numbers(List<FileDescriptor> descriptors) {
		if (descriptors.isEmpty()) {
			return null;
		}
		int[] numbers = new int[descriptors.size()];
		for (int i = 0; i < numbers.length; i++) {
			numbers[i] = FileDescriptors.number(descriptors.get(i));
		}
		return numbers;
	}

	/**
	 * Receive bytes and descriptors.
	 * @param address takes the address of the sender
	 * @return how many bytes were received; 0 if there are none and the socket does not
	 * block; -1 for an empty message and for the end
	 * @throws TruncatedControlDataException if the kernel dropped descriptors; the others
	 * are closed
	 */
	int receive(FileDescriptor socket, ByteBuffer into, @Nullable ByteBuffer address) throws IOException {
		this.control.putLong(0, 0).putLong(CREDENTIALS_BYTES, 0);
		try {
			return JunixsocketMessages.receive(socket, into, address, this.incoming);
		}
		catch (IOException ex) {
			int installed = closeInstalled();
			boolean truncated = installed > 0 || Errno.of(ex) == Errno.ENOBUFS;
			throw truncated ? new TruncatedControlDataException(installed) : ex;
		}
	}

	/**
	 * Close the descriptors in the control buffer. Where control data is truncated,
	 * junixsocket reports an error, but does not report the descriptors that the kernel
	 * installed. The kernel leaves the buffer unchanged where there is no control
	 * message. Where SO_PASSCRED is set on the socket, credentials come first.
	 */
	private int closeInstalled() {
		int start = (this.control.getInt(CONTROL_TYPE) == SCM_RIGHTS) ? 0 : CREDENTIALS_BYTES;
		int installed = (int) (this.control.getLong(start) - CONTROL_DATA) / Integer.BYTES;
		for (int i = 0; i < installed; i++) {
			Descriptors.close(FileDescriptors.of(this.control.getInt(start + CONTROL_DATA + i * Integer.BYTES)));
		}
		return Math.max(installed, 0);
	}

	/**
	 * Take the descriptors that were received.
	 */
	List<DescriptorHandle> takeDescriptors() {
		FileDescriptor[] received = JunixsocketMessages.takeReceived(this.incoming);
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

	private static void setCloseOnExec(FileDescriptor descriptor) {
		try {
			Kernel.calls().setCloseOnExec(descriptor);
		}
		catch (IOException ex) {
			// The flag guards child processes, and the descriptor works without it.
		}
	}

}
