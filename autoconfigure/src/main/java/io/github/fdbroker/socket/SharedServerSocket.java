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
import java.nio.channels.ClosedChannelException;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.ErrnoException;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.ReadinessWait;
import io.github.fdbroker.system.SystemCalls;

/**
 * A listening socket that other processes may hold too, and continue to use when this one
 * stops: it is neither shut down nor is its file removed, and connections that were not
 * accepted stay in its queue.
 * <p>
 * {@code O_NONBLOCK} is set, as systemd does too, because another process may accept a
 * connection between poll(2) and accept(2). The flag is part of the open file
 * description, so it applies to the other processes as well.
 */
public final class SharedServerSocket implements ConnectionAcceptor {

	private final String name;

	private final DescriptorHandle handle;

	private final ReadinessWait wait;

	/**
	 * Adopt a listening socket.
	 * @param name the name of the socket in the configuration
	 * @param descriptor the socket, of any family; it is closed if this fails
	 * @throws IOException if the process can open no more descriptors
	 */
	public SharedServerSocket(String name, FileDescriptor descriptor) throws IOException {
		this.name = name;
		this.handle = new DescriptorHandle(descriptor);
		try {
			Descriptors.configureBlocking(descriptor, false);
			this.wait = new ReadinessWait();
		}
		catch (IOException | RuntimeException | Error ex) {
			this.handle.close();
			throw ex;
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public FileDescriptor accept() throws IOException {
		FileDescriptor listening = this.handle.acquireOrClosed();
		try {
			while (this.wait.await(listening)) {
				FileDescriptor accepted = Descriptors.accept(listening);
				if (accepted.valid()) {
					return accepted;
				}
				checkNotShutDown(listening);
			}
			throw new ClosedChannelException();
		}
		finally {
			this.handle.release();
		}
	}

	/**
	 * A socket that other code has shut down is always ready and accepts nothing, which a
	 * non-blocking accept(2) does not report.
	 */
	private void checkNotShutDown(FileDescriptor listening) throws IOException {
		if ((Kernel.calls().poll(listening, ReadinessWait.READ, 0) & SystemCalls.OP_INVALID) != 0) {
			throw new ErrnoException("it was shut down", Errno.EINVAL);
		}
	}

	/**
	 * Borrow the listening socket.
	 * @throws IllegalStateException if it is closed
	 */
	BorrowedFd lend() {
		return this.handle.lend();
	}

	@Override
	public OwnedFd duplicate() {
		return this.handle.dup();
	}

	@Override
	public boolean isOpen() {
		return this.handle.isOpen();
	}

	/**
	 * Close this descriptor of the socket as soon as no thread uses it, and wake the
	 * thread that waits for a connection. Other holders of the socket are not affected.
	 */
	@Override
	public void close() {
		this.handle.close();
		this.wait.close();
	}

}
