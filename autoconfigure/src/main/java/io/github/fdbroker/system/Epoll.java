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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.github.fdbroker.FdConfigurationException;

/**
 * A set of sockets to wait for (epoll(7)). One thread may wait while others, one at a
 * time, change what is waited for. Each socket reports one event and is then silent until
 * it is {@linkplain #modify modified}.
 */
public final class Epoll implements Closeable {

	public static final int IN = 0x1;

	public static final int OUT = 0x4;

	/** EPOLLERR and EPOLLHUP, which are reported whether they are asked for or not. */
	public static final int ENDED = 0x18;

	/** What {@link #wakeUp()} reports. */
	public static final long WOKEN_UP = 0;

	private static final int ONESHOT = 1 << 30;

	private static final int CLOEXEC = 02000000;

	private static final int CTL_ADD = 1;

	private static final int CTL_DEL = 2;

	private static final int CTL_MOD = 3;

	private static final int MAX_EVENTS = 512;

	/** struct epoll_event has no padding on x86-64. */
	private static final int KEY = System.getProperty("os.arch").equals("amd64") ? Integer.BYTES : Long.BYTES;

	private static final int EVENT_BYTES = KEY + Long.BYTES;

	private static final ForeignFunctions FUNCTIONS;

	private static final MethodHandle CREATE;

	private static final MethodHandle EVENTFD;

	private static final MethodHandle CONTROL;

	private static final MethodHandle WAIT;

	static {
		try {
			FUNCTIONS = new ForeignFunctions();
			CREATE = FUNCTIONS.bind("epoll_create1", MethodType.methodType(int.class, int.class));
			EVENTFD = FUNCTIONS.bind("eventfd", MethodType.methodType(int.class, int.class, int.class));
			CONTROL = FUNCTIONS.bind("epoll_ctl",
					MethodType.methodType(int.class, int.class, int.class, int.class, long.class));
			WAIT = FUNCTIONS.bind("epoll_wait",
					MethodType.methodType(int.class, int.class, long.class, int.class, int.class));
		}
		catch (ReflectiveOperationException ex) {
			throw FdConfigurationException
				.unsupportedSystem("The foreign-function API is not as it was in Java 22 to 25", ex);
		}
	}

	private final FileDescriptor descriptor;

	/** Always readable, so that to watch it is to wake who waits. */
	private final FileDescriptor readable;

	private final int number;

	private final CallMemory change = new CallMemory(1);

	private final CallMemory events = new CallMemory(MAX_EVENTS);

	/**
	 * Open a set.
	 * @throws IOException if the process can open no more descriptors
	 */
	public Epoll() throws IOException {
		this.number = create();
		this.descriptor = Junixsocket.descriptor(this.number);
		try {
			this.readable = Junixsocket.descriptor(createReadable());
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(this.descriptor);
			throw ex;
		}
		try {
			control(CTL_ADD, Descriptors.number(this.readable), 0, WOKEN_UP);
		}
		catch (IOException | RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Watch a socket.
	 * @param socket its number
	 * @param events {@link #IN}, {@link #OUT} or both
	 * @param key what stands for the socket, anything but {@link #WOKEN_UP}
	 */
	public void add(int socket, int events, long key) throws IOException {
		control(CTL_ADD, socket, events | ONESHOT, key);
	}

	/**
	 * Watch a socket for one more event.
	 */
	public void modify(int socket, int events, long key) throws IOException {
		control(CTL_MOD, socket, events | ONESHOT, key);
	}

	/**
	 * Watch a socket no more.
	 */
	public void remove(int socket) throws IOException {
		control(CTL_DEL, socket, 0, 0);
	}

	/**
	 * Wake the thread that waits.
	 */
	public void wakeUp() throws IOException {
		modify(Descriptors.number(this.readable), IN, WOKEN_UP);
	}

	/**
	 * Wait for events.
	 * @param timeoutMillis how long to wait, -1 for ever
	 * @return how many there are
	 */
	public int await(int timeoutMillis) throws IOException {
		int count = waitForEvents(timeoutMillis);
		return (count < 0 && this.events.errno() == Errno.EINTR) ? 0 : check("epoll_wait", count, this.events);
	}

	/**
	 * Return the key of one of the events that were awaited.
	 */
	public long key(int index) {
		return this.events.memory.getLong(index * EVENT_BYTES + KEY);
	}

	/**
	 * Return what happened to the socket of one of the events that were awaited.
	 */
	public int events(int index) {
		return this.events.memory.getInt(index * EVENT_BYTES);
	}

	@Override
	public void close() {
		Descriptors.close(this.readable);
		Descriptors.close(this.descriptor);
	}

	private int create() throws IOException {
		try {
			return check("epoll_create1", (int) CREATE.invokeExact(this.change.errno, CLOEXEC), this.change);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	private int createReadable() throws IOException {
		try {
			return check("eventfd", (int) EVENTFD.invokeExact(this.change.errno, 1, CLOEXEC), this.change);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	private void control(int operation, int target, int events, long key) throws IOException {
		this.change.memory.putInt(0, events).putLong(KEY, key);
		try {
			check("epoll_ctl",
					(int) CONTROL.invokeExact(this.change.errno, this.number, operation, target, this.change.address),
					this.change);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	private int waitForEvents(int timeoutMillis) {
		try {
			return (int) WAIT.invokeExact(this.events.errno, this.number, this.events.address, MAX_EVENTS,
					timeoutMillis);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int check(String call, int result, CallMemory memory) throws IOException {
		if (result < 0) {
			throw Errno.exception(call, memory.errno());
		}
		return result;
	}

	private static IOException rethrow(Throwable ex) {
		if (ex instanceof IOException io) {
			return io;
		}
		throw new IllegalStateException(ex);
	}

	/**
	 * What a call reads and writes: events, and errno behind them.
	 */
	private static final class CallMemory {

		private final ByteBuffer memory;

		private final long address;

		private final int errnoOffset;

		private final Object errno;

		CallMemory(int events) {
			this.errnoOffset = (events * EVENT_BYTES + Long.BYTES - 1) & -Long.BYTES;
			this.memory = ByteBuffer.allocateDirect(this.errnoOffset + Integer.BYTES).order(ByteOrder.nativeOrder());
			this.address = FUNCTIONS.address(this.memory);
			this.errno = FUNCTIONS.segment(this.memory.duplicate().position(this.errnoOffset));
		}

		int errno() {
			return this.memory.getInt(this.errnoOffset);
		}

	}

}
