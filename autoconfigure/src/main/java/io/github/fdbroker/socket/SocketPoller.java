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

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.Epoll;

/**
 * Waits for the sockets of one transport in epoll(7), on one thread, so that virtual
 * threads wait without blocking their carrier threads. The thread runs from the first
 * wait until shortly after the last watched socket is closed.
 */
final class SocketPoller {

	/** Less than a pause between connections ends no thread. */
	private static final int LINGER_MILLIS = 100;

	private final Opening opening;

	private final ReentrantLock lock = new ReentrantLock();

	/** By key: unlike the number, the key of a socket is never used again. */
	private final Map<Long, PolledSocket> sockets = new HashMap<>();

	private long lastKey = Epoll.WOKEN_UP;

	private @Nullable Epoll epoll;

	SocketPoller(Opening opening) {
		this.opening = opening;
	}

	/**
	 * Return the lock that guards the state of this object and all of its sockets.
	 */
	ReentrantLock lock() {
		return this.lock;
	}

	/**
	 * Begin to watch a socket.
	 * @return its key
	 */
	long add(PolledSocket socket, int events) throws IOException {
		Epoll current = (this.epoll != null) ? this.epoll : start();
		long key = ++this.lastKey;
		current.add(socket.number(), events, key);
		this.sockets.put(key, socket);
		return key;
	}

	/**
	 * Watch a socket for one more event.
	 */
	void modify(PolledSocket socket, int events, long key) throws IOException {
		current().modify(socket.number(), events, key);
	}

	/**
	 * Stop watching a socket.
	 */
	void remove(PolledSocket socket, long key) throws IOException {
		this.sockets.remove(key);
		current().remove(socket.number());
		if (this.sockets.isEmpty()) {
			current().wakeUp();
		}
	}

	private Epoll current() {
		Epoll current = this.epoll;
		if (current == null) {
			throw new IllegalStateException("Nothing is watched");
		}
		return current;
	}

	private Epoll start() throws IOException {
		Epoll started = this.opening.open();
		Thread thread = new Thread(null, () -> run(started), "fd-poller", 0, false);
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (Error ex) {
			started.close();
			throw ex;
		}
		this.epoll = started;
		return started;
	}

	private void run(Epoll own) {
		try {
			int timeout = LINGER_MILLIS;
			while (timeout != 0) {
				int count = own.await(timeout);
				timeout = dispatch(own, count);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			end(own);
		}
	}

	/**
	 * Wake the threads that waited for these events.
	 * @return how long to wait for more, 0 to end
	 */
	private int dispatch(Epoll own, int count) {
		this.lock.lock();
		try {
			for (int i = 0; i < count; i++) {
				PolledSocket socket = this.sockets.get(own.key(i));
				if (socket != null) {
					socket.wake(own.events(i));
				}
			}
			if (!this.sockets.isEmpty()) {
				return -1;
			}
			if (count > 0) {
				return LINGER_MILLIS;
			}
			this.epoll = null;
			return 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * If this ends early, the threads that wait retry with another one.
	 */
	private void end(Epoll own) {
		this.lock.lock();
		try {
			if (this.epoll == own) {
				this.sockets.values().forEach(PolledSocket::forget);
				this.sockets.clear();
				this.epoll = null;
			}
			own.close();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Opens a set of sockets to wait for.
	 */
	interface Opening {

		Epoll open() throws IOException;

	}

}
