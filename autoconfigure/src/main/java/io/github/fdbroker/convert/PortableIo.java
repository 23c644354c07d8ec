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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.ReadinessWait;

/**
 * Input and output of the portable channels. Reads and writes any descriptor that
 * supports read(2) and write(2), through two file channels, so that reading and writing
 * do not block each other. The state of the open file description, which may be shared,
 * does not change. Closing wakes every waiting thread, and does not shut down a
 * connection.
 */
final class PortableIo {

	private final FileDescriptor descriptor;

	private final FileChannel input;

	private final FileChannel output;

	/** Created by the first call that needs it. */
	private @Nullable PollingFd polling;

	PortableIo(FileDescriptor descriptor) {
		this.descriptor = descriptor;
		this.input = new FileInputStream(descriptor).getChannel();
		this.output = new FileOutputStream(descriptor).getChannel();
	}

	FileDescriptor descriptor() {
		return this.descriptor;
	}

	int read(ByteBuffer target) throws IOException {
		return (int) read(new ByteBuffer[] { target }, 0, 1);
	}

	long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		return transfer(this.input::read, ReadinessWait.READ, targets, offset, length);
	}

	int write(ByteBuffer source) throws IOException {
		return (int) write(new ByteBuffer[] { source }, 0, 1);
	}

	long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		return transfer(this.output::write, ReadinessWait.WRITE, sources, offset, length);
	}

	/**
	 * A file channel transfers nothing if {@code O_NONBLOCK} is set and the call would
	 * block.
	 */
	private long transfer(Transfer transfer, int operations, ByteBuffer[] buffers, int offset, int length)
			throws IOException {
		long count = transfer.run(buffers, offset, length);
		while (count == 0 && Arrays.stream(buffers, offset, offset + length).anyMatch(Buffer::hasRemaining)) {
			call(operations, (ready) -> true);
			count = transfer.run(buffers, offset, length);
		}
		return count;
	}

	/**
	 * Wait and make a system call, repeatedly, until the call has a result.
	 */
	<T> T call(int operations, PollingFd.Call<T> call) throws IOException {
		return polling().call(operations, call);
	}

	private synchronized PollingFd polling() throws IOException {
		if (!this.input.isOpen()) {
			throw new ClosedChannelException();
		}
		if (this.polling == null) {
			this.polling = new PollingFd(this.descriptor);
		}
		return this.polling;
	}

	@Nullable SocketAddress address(boolean peer) throws IOException {
		if (!this.descriptor.valid()) {
			throw new ClosedChannelException();
		}
		return Descriptors.address(this.descriptor, peer);
	}

	static void configureBlocking(boolean block) {
		if (!block) {
			throw new IllegalBlockingModeException();
		}
	}

	synchronized void close() throws IOException {
		if (this.polling != null) {
			this.polling.close();
		}
		try (this.output) {
			this.input.close();
		}
	}

	/**
	 * Reading or writing.
	 */
	@FunctionalInterface
	private interface Transfer {

		long run(ByteBuffer[] buffers, int offset, int length) throws IOException;

	}

}
