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

import io.github.fdbroker.system.SendBuffer;

/**
 * A socket that carries descriptors: a connection, or one for datagrams. One thread may
 * send while another receives. Shutting down and closing are for any thread at any time.
 */
public interface MessageSocket {

	/**
	 * Hand bytes and descriptors to the kernel in one sendmsg(2), waiting for room.
	 * @param data a direct buffer, on a stream with at least one byte; its position moves
	 * past what was taken, which is all of it on a socket that preserves boundaries
	 * @param descriptors the descriptors, which go with the first byte, and which must
	 * stay open during the call
	 * @throws IOException if nothing was taken
	 */
	default void send(ByteBuffer data, List<FileDescriptor> descriptors) throws IOException {
		send(data, descriptors, null);
	}

	/**
	 * Hand a datagram to the kernel in one sendmsg(2), waiting for room.
	 * @param data a direct buffer; its position moves past what was taken, which is all
	 * of it
	 * @param descriptors the descriptors, which must stay open during the call
	 * @param to where to, {@code null} for the peer that the socket is connected to
	 * @throws IOException if nothing was taken
	 */
	void send(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to) throws IOException;

	/**
	 * Take bytes and descriptors, or one message, from the kernel in one recvmsg(2),
	 * waiting for some.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @return what came with the bytes, if it is not the end; the caller owns the
	 * descriptors, also those of a truncated message
	 * @throws TruncatedControlDataException if the kernel dropped descriptors; those that
	 * came are closed
	 * @throws IOException if the connection failed
	 */
	Received receive(ByteBuffer into) throws IOException;

	/**
	 * Receive as {@link #receive(ByteBuffer)}, but wait no longer than a while.
	 * @param into a direct buffer with room; its position moves past the received bytes
	 * @param timeoutMillis how long to wait, at least 1; it may take a little longer
	 * @return the read, or {@code null} if nothing arrives in that time
	 * @throws IOException as {@link #receive(ByteBuffer)}
	 */
	default @Nullable Received receive(ByteBuffer into, long timeoutMillis) throws IOException {
		return awaitReadable(timeoutMillis) ? receive(into) : null;
	}

	/**
	 * Wait until there is something to receive, the end of the stream included.
	 * @param timeoutMillis how long to wait
	 * @return {@code false} if there was nothing in that time
	 * @throws IOException if the connection failed
	 */
	boolean awaitReadable(long timeoutMillis) throws IOException;

	/**
	 * Return how many bytes can be received without waiting.
	 * @return the number of bytes, on a socket that preserves boundaries those of the
	 * first message
	 * @throws IOException if the socket is closed
	 */
	int available() throws IOException;

	/**
	 * Whether peers may send descriptors ({@code SO_PASSRIGHTS}).
	 * @return {@code true} also if the system cannot determine it
	 * @throws IOException if the connection is closed
	 */
	boolean takesDescriptors() throws IOException;

	/**
	 * Whether nothing can be sent or received any more (POLLHUP).
	 * @return {@code true} once the other end is closed
	 * @throws IOException if the socket is closed
	 */
	boolean isHungUp() throws IOException;

	/**
	 * Take descriptors from now on, or none ({@code SO_PASSRIGHTS}).
	 * @param pass whether to take descriptors
	 * @throws IOException if the connection is closed
	 */
	void passDescriptors(boolean pass) throws IOException;

	/**
	 * Whether no more than a quarter of the send buffer is in use.
	 * @return {@code true} if so
	 * @throws IOException if the socket is closed
	 */
	boolean isWritable() throws IOException;

	/**
	 * Return how much of the send buffer is in use. Nobody may send meanwhile.
	 * @return the size and the use
	 * @throws IOException if the socket is closed, or the system does not report it
	 */
	SendBuffer sendBuffer() throws IOException;

	/**
	 * Receive nothing more than what has arrived (shutdown(2) with {@code SHUT_RD}).
	 * Sends of the peer fail, and a thread that waits to receive sees the end of the
	 * stream. This side can still send.
	 */
	void shutdownInput();

	/**
	 * Send nothing more (shutdown(2) with {@code SHUT_WR}): the peer sees the end, and
	 * what it has sent can still be received.
	 */
	void shutdownOutput();

	/**
	 * Shut the connection down both ways (shutdown(2)), which wakes the threads that wait
	 * for it.
	 */
	void shutdown();

	/**
	 * Duplicate the descriptor, for another process.
	 * @return the duplicate, which the caller has to close
	 * @throws IOException if the socket is closed, or no descriptor is free
	 */
	FileDescriptor duplicate() throws IOException;

	/**
	 * Close the descriptor as soon as no thread uses it, and leave the socket to other
	 * processes as it is: a thread that waits to receive is not woken.
	 */
	void leave();

	/**
	 * Shut the connection down, and close the descriptor as soon as no thread uses it.
	 */
	void close();

}
