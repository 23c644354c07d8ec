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

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.ReadinessWait;

/**
 * Waits until system calls on a descriptor would not block, whether or not
 * {@code O_NONBLOCK} is set on the open file description, which may be shared. The calls
 * use a duplicate, whose number stays valid until they return.
 * <p>
 * If {@code O_NONBLOCK} is clear and another holder consumes the data or connection
 * between poll(2) and the call, the call blocks in the kernel, and closing this object
 * does not wake it. No flag of accept4(2) prevents this.
 */
final class PollingFd implements Closeable {

	private final DescriptorHandle copy;

	private final ReadinessWait wait;

	/**
	 * Duplicate a descriptor.
	 * @throws IOException if the process has reached its limit of open files
	 */
	PollingFd(FileDescriptor descriptor) throws IOException {
		this.copy = new DescriptorHandle(Descriptors.duplicate(descriptor));
		try {
			this.wait = new ReadinessWait();
		}
		catch (IOException ex) {
			this.copy.close();
			throw ex;
		}
	}

	/**
	 * Wait and make a call, repeatedly, until the call has a result.
	 * @param operations {@link ReadinessWait#READ} or {@link ReadinessWait#WRITE}
	 * @param call the call
	 * @return what it returned
	 * @throws AsynchronousCloseException if this object is closed meanwhile
	 * @throws IOException if the call or the wait fails
	 */
	<T> T call(int operations, Call<T> call) throws IOException {
		FileDescriptor descriptor = acquire();
		try {
			@Nullable T result = null;
			while (result == null) {
				if (!this.wait.await(descriptor, operations)) {
					throw new AsynchronousCloseException();
				}
				result = call.on(descriptor);
			}
			return result;
		}
		finally {
			this.copy.release();
		}
	}

	private FileDescriptor acquire() throws ClosedChannelException {
		try {
			return this.copy.acquire();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public void close() {
		this.wait.close();
		this.copy.close();
	}

	/**
	 * A system call.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	interface Call<T> {

		/**
		 * Call.
		 * @return the result, or {@code null} if the call would block
		 */
		@Nullable T on(FileDescriptor descriptor) throws IOException;

	}

}
