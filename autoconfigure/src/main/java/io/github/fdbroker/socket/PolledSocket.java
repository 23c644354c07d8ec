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
import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Epoll;
import io.github.fdbroker.system.ErrnoException;
import io.github.fdbroker.system.PlatformThreads;
import io.github.fdbroker.system.SystemCalls;

/**
 * The threads that wait for one socket. Virtual threads wait by a {@link SocketPoller},
 * platform threads in poll(2).
 */
final class PolledSocket implements Readiness {

	private static final long UNWATCHED = 0;

	private final SocketPoller poller;

	private final int number;

	private final List<Waiter> waiters = new ArrayList<>(2);

	private long key = UNWATCHED;

	private boolean closed;

	PolledSocket(FileDescriptor socket, SocketPoller poller) {
		this.number = Descriptors.number(socket);
		this.poller = poller;
	}

	int number() {
		return this.number;
	}

	@Override
	public boolean await(FileDescriptor socket, int operation, int timeoutMillis) throws IOException {
		if (!PlatformThreads.isVirtual()) {
			return POLL.await(socket, operation, timeoutMillis);
		}
		Waiter waiter = new Waiter((operation == SystemCalls.OP_READ) ? Epoll.IN : Epoll.OUT);
		try {
			enter(waiter);
		}
		catch (ErrnoException ex) {
			// The process can open no more descriptors, and epoll needs some.
			return Boolean.TRUE.equals(PlatformThreads.call(() -> POLL.await(socket, operation, timeoutMillis)));
		}
		if (waiter.await(timeoutMillis)) {
			return true;
		}
		leave(waiter);
		return POLL.await(socket, operation, 0);
	}

	@Override
	public void close() {
		this.poller.lock().lock();
		try {
			this.closed = true;
			if (this.key != UNWATCHED) {
				this.poller.remove(this, this.key);
			}
		}
		catch (IOException ex) {
			// It is no longer watched.
		}
		finally {
			forget();
			this.poller.lock().unlock();
		}
	}

	/**
	 * Wake the threads that waited for these events, and keep watching for the others.
	 */
	void wake(int events) {
		this.waiters.removeIf((waiter) -> waiter.wake(events));
		if (!this.waiters.isEmpty()) {
			try {
				this.poller.modify(this, events(), this.key);
			}
			catch (IOException ex) {
				wakeAll();
			}
		}
	}

	/**
	 * Wake all threads, because the socket is no longer watched.
	 */
	void forget() {
		this.key = UNWATCHED;
		wakeAll();
	}

	private void wakeAll() {
		this.waiters.forEach(Waiter::wake);
		this.waiters.clear();
	}

	private void enter(Waiter waiter) throws IOException {
		this.poller.lock().lock();
		try {
			if (this.closed) {
				throw new ClosedChannelException();
			}
			this.waiters.add(waiter);
			watch(waiter);
		}
		finally {
			this.poller.lock().unlock();
		}
	}

	private void watch(Waiter waiter) throws IOException {
		try {
			if (this.key == UNWATCHED) {
				this.key = this.poller.add(this, events());
			}
			else {
				this.poller.modify(this, events(), this.key);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			this.waiters.remove(waiter);
			throw ex;
		}
	}

	private void leave(Waiter waiter) {
		this.poller.lock().lock();
		try {
			this.waiters.remove(waiter);
		}
		finally {
			this.poller.lock().unlock();
		}
	}

	private int events() {
		int events = 0;
		for (Waiter waiter : this.waiters) {
			events |= waiter.events();
		}
		return events;
	}

}
