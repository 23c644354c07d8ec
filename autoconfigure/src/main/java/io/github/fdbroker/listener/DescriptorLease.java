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

package io.github.fdbroker.listener;

import java.io.FileDescriptor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.system.DescriptorCharge;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.PlatformThreads;

/**
 * The part of the quota that one connection holds, or one user of a datagram socket.
 */
public final class DescriptorLease implements DescriptorConversion, DescriptorCharge {

	private final ContainerServices services;

	private final DescriptorQuota quota;

	private final long uid;

	private final boolean shared;

	private final String origin;

	private final AtomicInteger held = new AtomicInteger();

	private final AtomicInteger ofUser;

	private volatile boolean draining;

	private volatile boolean ended;

	private DescriptorLease(ContainerServices services, long uid, boolean shared, String origin) {
		this.origin = origin;
		this.services = services;
		this.quota = services.heldDescriptors();
		this.uid = uid;
		this.shared = shared;
		this.ofUser = this.quota.ofUser(uid);
	}

	/**
	 * Create the lease of a connection. The connection's own thread closes the
	 * descriptors.
	 * @param services the services, which include the quota
	 * @param uid the user of the peer
	 * @param origin the description of the connection
	 * @return the lease
	 */
	public static DescriptorLease connection(ContainerServices services, long uid, String origin) {
		return new DescriptorLease(services, uid, false, origin);
	}

	/**
	 * Create the lease of a user. The receiving thread also serves other users, so
	 * another thread closes the descriptors.
	 */
	static DescriptorLease user(ContainerServices services, long uid, String socket) {
		return new DescriptorLease(services, uid, true, "uid %d on socket %s".formatted(uid, socket));
	}

	@Override
	public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
		return this.services.converters().convert(descriptor, kind, type);
	}

	/**
	 * Return how many descriptors are held.
	 */
	int held() {
		return this.held.get();
	}

	@Override
	public void escaped(DescriptorHandle descriptor) {
		this.services.converters().watch(descriptor, this.origin);
	}

	@Override
	public void awaitRoom() {
		if (!hasRoom()) {
			this.quota.await(this::hasRoom);
		}
		if (!userHasRoom()) {
			this.quota.awaitUser(this::userHasRoom);
		}
	}

	/**
	 * A connection that has reached its own limit is not read. A connection whose user
	 * has reached its limit is not read for a while. After that, and when the process has
	 * reached its limit, messages without descriptors are accepted, and others refused:
	 * other users must not wait.
	 */
	boolean hasRoom() {
		return this.ended || this.held.get() < this.quota.perConnection();
	}

	private boolean userHasRoom() {
		return this.ended || this.draining || this.ofUser.get() < this.quota.perUser();
	}

	/**
	 * Stop waiting for other connections of the user: no further messages will arrive.
	 */
	public void drain() {
		this.draining = true;
		this.quota.wake();
	}

	/**
	 * Stop waiting for room.
	 */
	public void stopWaiting() {
		this.ended = true;
		this.quota.wake();
	}

	/**
	 * Descriptors in excess of a limit also count until they are closed.
	 */
	@Override
	public void charge(List<DescriptorHandle> descriptors) {
		HeldDescriptors recorded = this.quota.recorded();
		int ofConnection = add(descriptors.size());
		int charged = 0;
		try {
			for (DescriptorHandle descriptor : descriptors) {
				descriptor.chargedTo((recorded != null) ? recorded.record(descriptor, this, this.origin) : this);
				charged++;
			}
		}
		finally {
			if (charged < descriptors.size()) {
				add(charged - descriptors.size());
			}
		}
		if (this.shared) {
			checkConnection(ofConnection);
		}
		check("per-user", this.ofUser.get(), this.quota.perUser());
		check("total", this.quota.held(), this.quota.total());
	}

	/**
	 * Check the number of descriptors in one message against the limit of the connection.
	 * Several messages received at once may exceed the limit slightly.
	 */
	void checkConnection(int count) {
		check("per-connection", count, this.quota.perConnection());
	}

	private int add(int count) {
		int ofConnection = this.held.addAndGet(count);
		this.ofUser.addAndGet(count);
		this.quota.add(count);
		return ofConnection;
	}

	@Override
	public void close(int count, Runnable close) {
		execute(() -> closeHere(count, close));
	}

	/**
	 * Run a task that closes descriptors, which may block: on this thread if it serves
	 * only the peer.
	 */
	void execute(Runnable close) {
		if (this.shared || PlatformThreads.isVirtual()) {
			this.services.closer().close(this.uid, close);
		}
		else {
			close.run();
		}
	}

	private void closeHere(int count, Runnable close) {
		try {
			close.run();
		}
		finally {
			add(-count);
		}
	}

	@Override
	public void end() {
		add(-1);
	}

	private static void check(String name, int held, int limit) {
		if (held > limit) {
			throw new FdLimitException(
					"Listeners would hold %d descriptors, more than the %d of fdbroker.held-descriptors.%s"
						.formatted(held, limit, name));
		}
	}

}
