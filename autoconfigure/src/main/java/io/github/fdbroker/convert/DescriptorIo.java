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
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Descriptors;

/**
 * Reading and writing any descriptor that read(2) and write(2) work on, by two file
 * channels over it, so that the one never waits for the other. Closing wakes whoever
 * waits, and shuts nothing down.
 */
final class DescriptorIo {

	private final FileDescriptor descriptor;

	private final FileChannel input;

	private final FileChannel output;

	DescriptorIo(FileDescriptor descriptor) {
		this.descriptor = descriptor;
		this.input = new FileInputStream(descriptor).getChannel();
		this.output = new FileOutputStream(descriptor).getChannel();
	}

	FileDescriptor descriptor() {
		return this.descriptor;
	}

	int read(ByteBuffer target) throws IOException {
		return this.input.read(target);
	}

	long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		return this.input.read(targets, offset, length);
	}

	int write(ByteBuffer source) throws IOException {
		return this.output.write(source);
	}

	long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		return this.output.write(sources, offset, length);
	}

	@Nullable SocketAddress address(boolean peer) throws IOException {
		if (!this.descriptor.valid()) {
			throw new ClosedChannelException();
		}
		return Descriptors.address(this.descriptor, peer);
	}

	void close() throws IOException {
		try (this.output) {
			this.input.close();
		}
	}

}
