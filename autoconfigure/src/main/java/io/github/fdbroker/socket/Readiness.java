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

import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SystemCalls;

/**
 * How a thread waits for one socket.
 */
interface Readiness {

	/** In poll(2), which is for platform threads: the thread blocks in the kernel. */
	Readiness POLL = (socket, operation, timeoutMillis) -> Kernel.calls().poll(socket, operation, timeoutMillis) != 0;

	/**
	 * Wait until an operation would not block, an error or the end of the stream
	 * included.
	 * @param socket the socket, acquired
	 * @param operation {@link SystemCalls#OP_READ} or {@link SystemCalls#OP_WRITE}
	 * @param timeoutMillis how long to wait, -1 for no limit
	 * @return {@code false} if it still would block after that time
	 */
	boolean await(FileDescriptor socket, int operation, int timeoutMillis) throws IOException;

	/**
	 * Stop waiting for the socket, and wake the threads that wait for it. This is called
	 * before the socket is closed.
	 */
	default void close() {
	}

}
