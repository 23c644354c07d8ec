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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Kernel;

/**
 * The control messages that came with the last recvmsg(2) that succeeded: descriptors and
 * credentials. For use by the thread that receives.
 */
final class ControlMessages {

	/** What ids without a meaning here are reported as, see user_namespaces(7). */
	private static final int OVERFLOW_ID = 65534;

	private static final int SCM_CREDENTIALS = 2;

	/** Linux 6.5, where who made the socket has set {@code SO_PASSPIDFD}. */
	private static final int SCM_PIDFD = 4;

	private static final int MSG_CTRUNC = 0x8;

	/** What a control message with one or two descriptors takes. */
	private static final int CMSG_SPACE = MessageHeader.CMSG_HEADER + Long.BYTES;

	private final ByteBuffer bytes;

	/**
	 * Create an instance.
	 * @param bytes the memory of the message header
	 */
	ControlMessages(ByteBuffer bytes) {
		this.bytes = bytes;
	}

	/**
	 * Return the credentials that came with the call that succeeded.
	 * @return {@code null} if none came
	 */
	@Nullable PeerCredentials credentials() {
		int end = MessageHeader.CONTROL_DATA + (int) this.bytes.getLong(MessageHeader.CONTROL_LENGTH);
		for (int position = MessageHeader.CONTROL_DATA; end
				- position >= MessageHeader.CMSG_HEADER; position += align((int) this.bytes.getLong(position))) {
			if (isOfType(position, SCM_CREDENTIALS)) {
				return credentials(position + MessageHeader.CMSG_HEADER);
			}
		}
		return null;
	}

	/**
	 * Return {@code struct ucred}.
	 */
	private PeerCredentials credentials(int position) {
		return new PeerCredentials(this.bytes.getInt(position),
				Integer.toUnsignedLong(this.bytes.getInt(position + Integer.BYTES)),
				Integer.toUnsignedLong(this.bytes.getInt(position + 2 * Integer.BYTES)), List.of());
	}

	/**
	 * Whether the kernel dropped control data in the call that succeeded.
	 */
	boolean isTruncated() {
		return (this.bytes.getInt(MessageHeader.FLAGS) & MSG_CTRUNC) != 0;
	}

	/**
	 * Return the descriptors that came with the call that succeeded. After one that
	 * failed the control data is that of an earlier call.
	 */
	List<DescriptorHandle> descriptors() {
		int end = MessageHeader.CONTROL_DATA + (int) this.bytes.getLong(MessageHeader.CONTROL_LENGTH);
		if (end == MessageHeader.CONTROL_DATA) {
			return List.of();
		}
		try {
			return descriptors(end);
		}
		catch (OutOfMemoryError ex) {
			closeDescriptors(end);
			throw ex;
		}
	}

	private List<DescriptorHandle> descriptors(int end) {
		if (end - MessageHeader.CONTROL_DATA <= CMSG_SPACE
				&& isOfType(MessageHeader.CONTROL_DATA, MessageHeader.SCM_RIGHTS)
				&& this.bytes.getLong(MessageHeader.CONTROL_DATA) == MessageHeader.CMSG_HEADER + Integer.BYTES) {
			return List
				.of(new DescriptorHandle(this.bytes.getInt(MessageHeader.CONTROL_DATA + MessageHeader.CMSG_HEADER)));
		}
		List<DescriptorHandle> descriptors = new ArrayList<>(
				(end - MessageHeader.CONTROL_DATA - MessageHeader.CMSG_HEADER) / Integer.BYTES);
		int position = MessageHeader.CONTROL_DATA;
		while (end - position >= MessageHeader.CMSG_HEADER) {
			int length = (int) this.bytes.getLong(position);
			if (length < MessageHeader.CMSG_HEADER || length > end - position) {
				break;
			}
			if (isOfType(position, MessageHeader.SCM_RIGHTS)) {
				addDescriptors(position + MessageHeader.CMSG_HEADER, position + length, descriptors);
			}
			else if (isOfType(position, SCM_PIDFD)) {
				closeUnwanted(this.bytes.getInt(position + MessageHeader.CMSG_HEADER));
			}
			position += align(length);
		}
		return List.copyOf(descriptors);
	}

	private void addDescriptors(int start, int end, List<DescriptorHandle> descriptors) {
		for (int position = start; end - position >= Integer.BYTES; position += Integer.BYTES) {
			descriptors.add(new DescriptorHandle(this.bytes.getInt(position)));
		}
	}

	/**
	 * Close them by their numbers, which takes no memory.
	 */
	private void closeDescriptors(int end) {
		int position = MessageHeader.CONTROL_DATA;
		while (end - position >= MessageHeader.CMSG_HEADER && !isOfType(position, MessageHeader.SCM_RIGHTS)) {
			position += align((int) this.bytes.getLong(position));
		}
		// What lies behind the data is left from an earlier message.
		if (end - position < MessageHeader.CMSG_HEADER) {
			return;
		}
		int last = position + (int) this.bytes.getLong(position);
		for (int number = position + MessageHeader.CMSG_HEADER; number < last; number += Integer.BYTES) {
			Kernel.calls().close(this.bytes.getInt(number));
		}
	}

	private boolean isOfType(int position, int type) {
		return this.bytes.getInt(position + MessageHeader.LEVEL) == MessageHeader.SOL_SOCKET
				&& this.bytes.getInt(position + MessageHeader.TYPE) == type;
	}

	/**
	 * A descriptor that the sender did not send, or the error why there is none.
	 */
	private static void closeUnwanted(int number) {
		if (number >= 0) {
			Kernel.calls().close(number);
		}
	}

	/**
	 * What was sent before the socket asked for credentials has those of nobody, which
	 * must not be taken for the user of that number.
	 */
	static @Nullable PeerCredentials known(@Nullable PeerCredentials sender) {
		boolean unknown = sender == null
				|| sender.pid() == 0 && sender.uid() == OVERFLOW_ID && sender.gid() == OVERFLOW_ID;
		return unknown ? null : sender;
	}

	private static int align(int length) {
		return (length + Long.BYTES - 1) & -Long.BYTES;
	}

}
