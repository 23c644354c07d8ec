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

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * System calls on descriptors of any kind by junixsocket.
 */
final class JunixsocketDescriptors {

	private JunixsocketDescriptors() {
	}

	static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		return duplicate(descriptor, new FileDescriptor());
	}

	/**
	 * Make the number of a descriptor refer to what another one refers to (dup2).
	 */
	static void replace(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		duplicate(descriptor, target);
	}

	/**
	 * dup2 of a number onto itself changes nothing, and junixsocket sets the flag after
	 * it.
	 */
	static void setCloseOnExec(FileDescriptor descriptor) throws IOException {
		duplicate(descriptor, descriptor);
	}

	private static FileDescriptor duplicate(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		try {
			FileDescriptor copy = (FileDescriptor) Junixsocket.DUPLICATE.invokeExact(descriptor, target);
			if (copy == null) {
				throw new IOException("Bad file descriptor");
			}
			return copy;
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

	static void configureBlocking(FileDescriptor descriptor, boolean blocking) throws IOException {
		Junixsocket.call(() -> Junixsocket.CONFIGURE_BLOCKING.invoke(descriptor, blocking));
	}

	static int[] poll(FileDescriptor[] descriptors, int[] operations, int timeoutMillis) throws IOException {
		int[] wanted = new int[operations.length];
		for (int i = 0; i < wanted.length; i++) {
			wanted[i] = operations[i] | SystemCalls.OP_INVALID;
		}
		try {
			Object request = (Object) Junixsocket.NEW_POLL_FD.invokeExact(descriptors, wanted);
			int ready = (int) Junixsocket.POLL.invokeExact(request, timeoutMillis);
			return (ready > 0) ? (int[]) Junixsocket.POLL_RESULT.invokeExact(request) : new int[descriptors.length];
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

}
