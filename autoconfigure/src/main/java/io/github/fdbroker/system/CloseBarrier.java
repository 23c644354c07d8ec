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

package io.github.fdbroker.system;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.time.Duration;

import io.github.fdbroker.SocketType;

/**
 * A descriptor to be sent, and the means to see when its receiver has closed it. For use
 * by one thread.
 */
public final class CloseBarrier implements Closeable {

	private final DescriptorHandle watched;

	private final DescriptorHandle sent;

	/**
	 * Create the descriptor.
	 * @throws IOException if the process can open no more
	 */
	public CloseBarrier() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		this.watched = new DescriptorHandle(ends[0]);
		this.sent = new DescriptorHandle(ends[1]);
	}

	/**
	 * Return what to send.
	 * @return the borrowed descriptor
	 */
	public FileDescriptor descriptor() {
		FileDescriptor descriptor = this.sent.acquire();
		this.sent.release();
		return descriptor;
	}

	/**
	 * Close this process's copy, and wait until there is no other.
	 * @param timeout how long to wait
	 * @return {@code false} if there was one after that time
	 * @throws IOException if waiting fails
	 */
	public boolean await(Duration timeout) throws IOException {
		this.sent.close();
		FileDescriptor descriptor = this.watched.acquire();
		try {
			int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
			return Kernel.calls().poll(descriptor, SystemCalls.OP_READ, millis) != 0;
		}
		finally {
			this.watched.release();
		}
	}

	@Override
	public void close() {
		this.sent.close();
		this.watched.close();
	}

}
