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
import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.CallMemory;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Libc;

/**
 * The structures that sendmsg(2) and recvmsg(2) take, in native memory that is used again
 * for each call: {@code struct msghdr}, one {@code struct iovec}, and control messages.
 * The layout is that of 64-bit Linux, on x86-64 as on aarch64.
 */
final class MessageHeader {

	private static final int NAME_LENGTH = 8;

	private static final int IOV = 16;

	private static final int IOV_COUNT = 24;

	private static final int CONTROL = 32;

	static final int CONTROL_LENGTH = 40;

	static final int FLAGS = 48;

	private static final int IOVEC = 56;

	static final int IOVEC_LENGTH = IOVEC + 8;

	static final int CONTROL_DATA = IOVEC + 16;

	/** Behind its length, the level and the type of a control message. */
	static final int LEVEL = 8;

	static final int TYPE = 12;

	static final int CMSG_HEADER = 16;

	/** Room for the most descriptors there can be, and for credentials and padding. */
	private static final int CONTROL_CAPACITY = CMSG_HEADER + 256 * Integer.BYTES + 64;

	private static final int NAME_DATA = CONTROL_DATA + CONTROL_CAPACITY;

	private static final int FAMILY_BYTES = 2;

	/** {@code struct sockaddr_un}, and the zero that the kernel may add to it. */
	private static final int NAME_CAPACITY = FAMILY_BYTES + 108 + 2;

	private static final short AF_UNIX = 1;

	static final int SOL_SOCKET = 1;

	static final int SCM_RIGHTS = 1;

	private static final int MSG_TRUNC = 0x20;

	private final Libc libc;

	private final CallMemory memory;

	private final ByteBuffer bytes;

	private final ControlMessages control;

	private @Nullable ByteBuffer lastBuffer;

	private long lastAddress;

	MessageHeader(Libc libc) {
		this.libc = libc;
		this.memory = new CallMemory(libc, NAME_DATA + NAME_CAPACITY);
		this.bytes = this.memory.bytes();
		this.control = new ControlMessages(this.bytes);
		this.bytes.putLong(IOV, address() + IOVEC);
		this.bytes.putLong(IOV_COUNT, 1);
		this.bytes.putLong(CONTROL, address() + CONTROL_DATA);
	}

	/**
	 * Return the memory that the kernel reads and writes.
	 */
	CallMemory memory() {
		return this.memory;
	}

	long address() {
		return this.memory.address();
	}

	/**
	 * Set what is to be sent.
	 */
	void prepareSend(ByteBuffer data, List<FileDescriptor> descriptors) {
		setData(data);
		int count = descriptors.size();
		if (count == 0) {
			this.bytes.putLong(CONTROL_LENGTH, 0);
			return;
		}
		long length = CMSG_HEADER + (long) count * Integer.BYTES;
		this.bytes.putLong(CONTROL_LENGTH, length);
		this.bytes.putLong(CONTROL_DATA, length);
		this.bytes.putInt(CONTROL_DATA + LEVEL, SOL_SOCKET);
		this.bytes.putInt(CONTROL_DATA + TYPE, SCM_RIGHTS);
		for (int i = 0; i < count; i++) {
			this.bytes.putInt(CONTROL_DATA + CMSG_HEADER + i * Integer.BYTES, Descriptors.number(descriptors.get(i)));
		}
	}

	/**
	 * Set the buffer to receive into.
	 */
	void prepareReceive(ByteBuffer into) {
		setData(into);
		this.bytes.putLong(CONTROL_LENGTH, CONTROL_CAPACITY);
		this.bytes.putInt(FLAGS, 0);
	}

	/**
	 * Keep no reference to the buffer of the last call.
	 */
	void forgetBuffer() {
		this.lastBuffer = null;
	}

	/**
	 * Set where a datagram is to be sent, {@code null} for the peer.
	 */
	void setName(@Nullable UnixAddress address) {
		int length = 0;
		if (address != null) {
			byte[] name = address.name();
			this.bytes.putShort(NAME_DATA, AF_UNIX).put(NAME_DATA + FAMILY_BYTES, name);
			length = FAMILY_BYTES + name.length;
		}
		this.bytes.putLong(0, (length > 0) ? address() + NAME_DATA : 0);
		this.bytes.putInt(NAME_LENGTH, length);
	}

	/**
	 * Request the address of the sender of a datagram.
	 */
	void clearName() {
		this.bytes.putLong(0, address() + NAME_DATA);
		this.bytes.putInt(NAME_LENGTH, NAME_CAPACITY);
	}

	/**
	 * Return the address of the sender of the datagram.
	 * @return {@code null} if the sender has none, or it was not requested
	 */
	@Nullable UnixAddress name() {
		int length = this.bytes.getInt(NAME_LENGTH) - FAMILY_BYTES;
		if (length <= 0) {
			return null;
		}
		byte[] name = new byte[length];
		this.bytes.get(NAME_DATA + FAMILY_BYTES, name);
		return UnixAddress.received(name);
	}

	/**
	 * Whether the message was longer than the buffer.
	 */
	boolean isTruncated() {
		return (this.bytes.getInt(FLAGS) & MSG_TRUNC) != 0;
	}

	/**
	 * Return the control messages of the call that succeeded. After one that failed they
	 * are those of an earlier call.
	 */
	ControlMessages control() {
		return this.control;
	}

	private void setData(ByteBuffer buffer) {
		if (buffer != this.lastBuffer) {
			this.lastAddress = this.libc.address(buffer);
			this.lastBuffer = buffer;
		}
		this.bytes.putLong(IOVEC, this.lastAddress + buffer.position());
		this.bytes.putLong(IOVEC_LENGTH, buffer.remaining());
	}

}
