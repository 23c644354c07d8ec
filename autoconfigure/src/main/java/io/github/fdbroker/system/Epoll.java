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
import java.util.Locale;

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
	private static final int KEY = Syscall.isX86() ? Integer.BYTES : Long.BYTES;

	private static final int EVENT_BYTES = KEY + Long.BYTES;

	private final Libc libc;

	private final FileDescriptor descriptor;

	/** Always readable: watching it wakes the waiting thread. */
	private final FileDescriptor readable;

	private final int number;

	private final CallMemory change;

	private final CallMemory events;

	/**
	 * Open a set.
	 * @param libc makes the system calls
	 * @throws IOException if the process can open no more descriptors
	 */
	public Epoll(Libc libc) throws IOException {
		this.libc = libc;
		this.change = new CallMemory(libc, EVENT_BYTES);
		this.events = new CallMemory(libc, MAX_EVENTS * EVENT_BYTES);
		this.number = call(Syscall.EPOLL_CREATE1, CLOEXEC, 0);
		this.descriptor = FileDescriptors.of(this.number);
		try {
			this.readable = FileDescriptors.of(call(Syscall.EVENTFD2, 1, CLOEXEC));
		}
		catch (IOException | RuntimeException | Error ex) {
			FileDescriptors.close(this.descriptor);
			throw ex;
		}
		try {
			control(CTL_ADD, FileDescriptors.number(this.readable), 0, WOKEN_UP);
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
	 * Stop watching a socket.
	 */
	public void remove(int socket) throws IOException {
		control(CTL_DEL, socket, 0, 0);
	}

	/**
	 * Wake the thread that waits.
	 */
	public void wakeUp() throws IOException {
		modify(FileDescriptors.number(this.readable), IN, WOKEN_UP);
	}

	/**
	 * Wait for events.
	 * @param timeoutMillis how long to wait, -1 for no limit
	 * @return how many there are
	 */
	public int await(int timeoutMillis) throws IOException {
		long count = this.libc.call(this.events, Syscall.EPOLL_PWAIT, this.number, this.events.address(), MAX_EVENTS,
				timeoutMillis, 0, 0);
		return (count == -Errno.EINTR) ? 0 : Errno.check("epoll_wait", count);
	}

	/**
	 * Return the key of one of the events that were awaited.
	 */
	public long key(int index) {
		return this.events.bytes().getLong(index * EVENT_BYTES + KEY);
	}

	/**
	 * Return what happened to the socket of one of the events that were awaited.
	 */
	public int events(int index) {
		return this.events.bytes().getInt(index * EVENT_BYTES);
	}

	@Override
	public void close() {
		FileDescriptors.close(this.readable);
		FileDescriptors.close(this.descriptor);
	}

	private void control(int operation, int target, int events, long key) throws IOException {
		this.change.bytes().putInt(0, events).putLong(KEY, key);
		Errno.check("epoll_ctl", this.libc.call(this.change, Syscall.EPOLL_CTL, this.number, operation, target,
				this.change.address(), 0, 0));
	}

	private int call(Syscall call, int first, int second) throws IOException {
		return Errno.check(call.name().toLowerCase(Locale.ROOT), this.libc.call(this.change, call, first, second, 0));
	}

}
