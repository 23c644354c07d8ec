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
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SendBuffer;
import io.github.fdbroker.system.SystemCalls;

/**
 * The part of a message socket that is the same for all transports. They differ in how
 * they send and receive.
 */
abstract class TimedSocket implements MessageSocket {

	private final DescriptorHandle handle;

	private final int sendTimeout;

	private final Readiness readiness;

	private volatile Input input = Input.OPEN;

	/**
	 * Adopt a connected socket.
	 * @param sendTimeout how long a send waits for room in milliseconds, 0 for no limit,
	 * negative for not at all
	 * @param readiness how threads wait for the socket
	 */
	TimedSocket(FileDescriptor descriptor, int sendTimeout, Readiness readiness) throws IOException {
		Kernel.calls().setSendTimeout(descriptor, Math.max(0, sendTimeout));
		this.handle = new DescriptorHandle(descriptor);
		this.sendTimeout = sendTimeout;
		this.readiness = readiness;
	}

	/**
	 * Keep the socket open until {@link #release()}.
	 */
	FileDescriptor acquire() throws ClosedChannelException {
		return this.handle.acquireOrClosed();
	}

	void release() {
		this.handle.release();
	}

	/**
	 * Whether there is room.
	 * @param socket the socket, acquired
	 */
	boolean isWritable(FileDescriptor socket) throws IOException {
		return this.readiness.await(socket, SystemCalls.OP_WRITE, 0);
	}

	/**
	 * Wait for room, for what is left of the send timeout.
	 * @param socket the socket, acquired
	 * @param start when the send began
	 */
	void awaitWritable(FileDescriptor socket, long start) throws IOException {
		long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
		int remaining = (this.sendTimeout != 0) ? (int) Math.max(0, this.sendTimeout - elapsed) : -1;
		// A datagram socket has room for any message while its receiver has none.
		if (remaining == 0 || !this.readiness.await(socket, SystemCalls.OP_WRITE, remaining)) {
			throw timedOut();
		}
	}

	/**
	 * Wait for something to receive.
	 * @param socket the socket, acquired
	 */
	void awaitReadable(FileDescriptor socket) throws IOException {
		this.readiness.await(socket, SystemCalls.OP_READ, -1);
	}

	/**
	 * Fail if the send timeout has elapsed.
	 */
	void checkSendTimeout(long start) throws SocketTimeoutException {
		if (this.sendTimeout > 0 && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) >= this.sendTimeout) {
			throw timedOut();
		}
	}

	private SocketTimeoutException timedOut() {
		return new SocketTimeoutException((this.sendTimeout > 0)
				? "the peer took nothing for " + this.sendTimeout + " ms" : "the peer has no room for it at present");
	}

	/**
	 * Whether this side has shut down its input, or is about to.
	 */
	boolean isInputEnding() {
		return this.input != Input.OPEN;
	}

	/**
	 * Whether the input is shut down: only what the kernel has already can be received.
	 */
	boolean isInputEnded() {
		return this.input == Input.ENDED;
	}

	@Override
	public boolean awaitReadable(long timeoutMillis) throws IOException {
		int timeout = (int) Math.min(timeoutMillis, Integer.MAX_VALUE);
		return use((socket) -> this.readiness.await(socket, SystemCalls.OP_READ, timeout));
	}

	@Override
	public int available() throws IOException {
		return use(Kernel.calls()::available);
	}

	@Override
	public boolean takesDescriptors() throws IOException {
		return use(Kernel.calls()::passesRights);
	}

	@Override
	public boolean isHungUp() throws IOException {
		return use((socket) -> Kernel.calls().poll(socket, 0, 0) != 0);
	}

	private <T> T use(SocketCall<T> call) throws IOException {
		FileDescriptor socket = acquire();
		try {
			return call.on(socket);
		}
		finally {
			release();
		}
	}

	@Override
	public void passDescriptors(boolean pass) throws IOException {
		FileDescriptor socket = acquire();
		try {
			Kernel.calls().setPassRights(socket, pass);
		}
		finally {
			release();
		}
	}

	@Override
	public boolean isWritable() throws IOException {
		return use((socket) -> Kernel.calls().poll(socket, SystemCalls.OP_WRITE, 0) != 0);
	}

	@Override
	public SendBuffer sendBuffer() throws IOException {
		return use(Kernel.calls()::sendBuffer);
	}

	@Override
	public void shutdownInput() {
		end(() -> shutdown(SystemCalls.SHUT_RD));
	}

	@Override
	public void shutdownOutput() {
		shutdown(SystemCalls.SHUT_WR);
	}

	@Override
	public void shutdown() {
		end(() -> shutdown(SystemCalls.SHUT_RDWR));
	}

	@Override
	public FileDescriptor duplicate() throws IOException {
		return use(Descriptors::duplicate);
	}

	@Override
	public void leave() {
		end(this::closeDescriptor);
	}

	@Override
	public void close() {
		end(() -> {
			shutdown(SystemCalls.SHUT_RDWR);
			closeDescriptor();
		});
	}

	/**
	 * Close what this owns, with the socket left as it is.
	 */
	void closeDescriptor() {
		this.readiness.close();
		this.handle.close();
	}

	private void end(Runnable shutdown) {
		if (this.input == Input.OPEN) {
			this.input = Input.ENDING;
		}
		shutdown.run();
		this.input = Input.ENDED;
	}

	private void shutdown(int how) {
		try {
			FileDescriptor socket = acquire();
			try {
				Kernel.calls().shutdown(socket, how);
			}
			finally {
				release();
			}
		}
		catch (IOException ex) {
			// There is nothing left to shut down.
		}
	}

	/**
	 * Whether the input is shut down.
	 */
	private enum Input {

		OPEN, ENDING, ENDED

	}

	/**
	 * What is done with the socket while it stays open.
	 */
	private interface SocketCall<T> {

		T on(FileDescriptor socket) throws IOException;

	}

}
