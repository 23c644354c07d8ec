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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/**
 * The read end of a pipe, which was received as a descriptor. It is always blocking, and
 * does not support selectors.
 */
final class PortableSourceChannel extends Pipe.SourceChannel implements DescriptorHolder {

	private final PortableIo io;

	PortableSourceChannel(FileDescriptor descriptor) {
		super(PortableProvider.INSTANCE);
		this.io = new PortableIo(descriptor);
	}

	@Override
	public FileDescriptor descriptor() {
		return this.io.descriptor();
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		return this.io.read(target);
	}

	@Override
	public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		return this.io.read(targets, offset, length);
	}

	@Override
	public long read(ByteBuffer[] targets) throws IOException {
		return read(targets, 0, targets.length);
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		this.io.close();
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		PortableIo.configureBlocking(block);
	}

}
