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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Kernel;

/**
 * A duplicate of a socket for calls of junixsocket, which closes the descriptor that it
 * gets when the peer is gone. The socket itself stays open, so its number refers to no
 * other file while it is used. A duplicate that junixsocket has closed is replaced.
 */
final class ExpendableCopy {

	private @Nullable DescriptorHandle handle;

	private boolean closed;

	/**
	 * Borrow the duplicate.
	 * @param socket the socket, acquired
	 */
	synchronized BorrowedFd lend(FileDescriptor socket) throws IOException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
		if (this.handle == null || !this.handle.fileDescriptor().valid()) {
			this.handle = new DescriptorHandle(Kernel.calls().duplicate(socket));
		}
		return this.handle.lend();
	}

	/**
	 * Close the duplicate as soon as it is not in use.
	 */
	synchronized void close() {
		this.closed = true;
		if (this.handle != null) {
			this.handle.close();
		}
	}

}
