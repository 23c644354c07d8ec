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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;

/**
 * Waits for a descriptor that others share, so that nothing about it may be changed to
 * wake the thread that waits. Closing this wakes it instead.
 */
public final class ReadinessWait implements Closeable {

	/** Until there is something to read, or to accept. */
	public static final int READ = SystemCalls.OP_READ;

	/** Until there is room to write. */
	public static final int WRITE = SystemCalls.OP_WRITE;

	private final DescriptorHandle watched;

	private final DescriptorHandle signal;

	/**
	 * Prepare to wait.
	 * @throws IOException if the process can open no more descriptors
	 */
	public ReadinessWait() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		this.watched = new DescriptorHandle(ends[0]);
		this.signal = new DescriptorHandle(ends[1]);
	}

	/**
	 * Wait until a descriptor is readable, or this is closed.
	 * @param descriptor the descriptor, which must stay open during the call
	 * @return {@code false} if this was closed
	 * @throws IOException if waiting fails
	 */
	public boolean await(FileDescriptor descriptor) throws IOException {
		return await(descriptor, READ);
	}

	/**
	 * Wait until a descriptor is readable or writable, or this is closed.
	 * @param descriptor the descriptor, which must stay open during the call
	 * @param operations {@link #READ} or {@link #WRITE}
	 * @return {@code false} if this was closed
	 * @throws IOException if waiting fails
	 */
	public boolean await(FileDescriptor descriptor, int operations) throws IOException {
		FileDescriptor end = acquireWatched();
		if (end == null) {
			return false;
		}
		try {
			int[] ready = Kernel.calls()
				.poll(new FileDescriptor[] { descriptor, end }, new int[] { operations, READ }, -1);
			return ready[1] == 0;
		}
		finally {
			this.watched.release();
		}
	}

	private @Nullable FileDescriptor acquireWatched() {
		try {
			return this.watched.acquire();
		}
		catch (IllegalStateException ex) {
			return null;
		}
	}

	/**
	 * End every wait.
	 */
	@Override
	public void close() {
		this.signal.close();
		this.watched.close();
	}

}
