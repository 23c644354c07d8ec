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
import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A connected socket that carries descriptors. One thread may send while another
 * receives. Shutting down and closing are for any thread at any time.
 */
public interface Carrier {

	/**
	 * Hand bytes and descriptors to the kernel in one sendmsg(2), waiting for room.
	 * @param data a direct buffer with at least one byte; its position moves past what
	 * was taken
	 * @param descriptors the descriptors, which go with the first byte, and which nobody
	 * may close meanwhile
	 * @throws IOException if nothing was taken
	 */
	void send(ByteBuffer data, List<FileDescriptor> descriptors) throws IOException;

	/**
	 * Take bytes and descriptors from the kernel in one recvmsg(2), waiting for some.
	 * @param into a direct buffer with room; its position moves past what came
	 * @return the descriptors that came, which the caller owns, or {@code null} at the
	 * end of the stream
	 * @throws TruncatedControlDataException if the kernel dropped descriptors; those that
	 * came are closed
	 * @throws IOException if the connection failed
	 */
	@Nullable List<DescriptorHandle> receive(ByteBuffer into) throws IOException;

	/**
	 * Wait until there is something to receive, the end of the stream included.
	 * @param timeoutMillis how long to wait
	 * @return {@code false} if there was nothing in that time
	 * @throws IOException if the connection failed
	 */
	boolean awaitReadable(long timeoutMillis) throws IOException;

	/**
	 * Receive nothing more than what has come already (shutdown(2) with {@code SHUT_RD}):
	 * the peer's sends fail, and who waits to receive sees the end of the stream. Sending
	 * goes on.
	 */
	void shutdownInput();

	/**
	 * Shut the connection down both ways (shutdown(2)), which wakes whoever waits in it.
	 */
	void shutdown();

	/**
	 * Shut the connection down, and close the descriptor as soon as no thread uses it.
	 */
	void close();

}
