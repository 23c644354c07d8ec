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

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.system.DescriptorCharge;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;

/**
 * Records the received descriptors that are open, for diagnosis. Safe for use by several
 * threads.
 */
public final class HeldDescriptors implements CallAdvice, AutoCloseable {

	private final Set<Held> held = ConcurrentHashMap.newKeySet();

	private final BoundedInspection inspection = new BoundedInspection();

	/**
	 * Return the descriptors that are open.
	 * @return the descriptors
	 */
	public List<HeldDescriptor> all() {
		List<Held> open = List.copyOf(this.held);
		this.inspection.run(() -> open.forEach(Held::inspect));
		return open.stream().map(Held::describe).toList();
	}

	/**
	 * Record a descriptor.
	 * @return what it is counted against
	 */
	DescriptorCharge record(DescriptorHandle handle, DescriptorCharge charge, String origin) {
		Held added = new Held(handle.number(), charge, origin);
		this.held.add(added);
		return added;
	}

	/**
	 * Record which handler has the descriptors of a message.
	 */
	@Override
	public @Nullable Call begin(String socket, String listener, Incoming incoming) {
		for (FdMessage.Attachment attachment : incoming.message().attachments()) {
			if (attachment.descriptor() instanceof DescriptorHandle handle && handle.charge() instanceof Held has) {
				has.listener = listener;
			}
		}
		return null;
	}

	@Override
	public void close() {
		this.inspection.close();
	}

	/**
	 * A descriptor that is held.
	 *
	 * @param number its number
	 * @param kind what the kernel says it is, {@code null} if that is not known because
	 * its file system does not respond, or because it was being closed
	 * @param target what the kernel calls it, {@code null} while it is being closed
	 * @param origin the connection that it came from
	 * @param since when it was received
	 * @param listener the method that has it, {@code null} if none has it yet
	 * @param closing whether it is being closed
	 */
	public record HeldDescriptor(int number, @Nullable String kind, @Nullable String target, String origin,
			Instant since, @Nullable String listener, boolean closing) {
	}

	/**
	 * Counts a descriptor in its lease, and records it.
	 */
	private final class Held implements DescriptorCharge {

		private final int number;

		private final DescriptorCharge charge;

		private final String origin;

		private final long since = System.currentTimeMillis();

		private volatile @Nullable String listener;

		private volatile boolean closing;

		private final AtomicBoolean inspected = new AtomicBoolean();

		private volatile @Nullable FdKind kind;

		private Held(int number, DescriptorCharge charge, String origin) {
			this.number = number;
			this.charge = charge;
			this.origin = origin;
		}

		@Override
		public void close(int count, Runnable close) {
			this.closing = true;
			this.charge.close(count, () -> {
				try {
					close.run();
				}
				finally {
					HeldDescriptors.this.held.remove(this);
				}
			});
		}

		@Override
		public void end() {
			HeldDescriptors.this.held.remove(this);
			this.charge.end();
		}

		/**
		 * Ask the kernel once: the kind does not change, and a system call that hangs is
		 * not repeated. The number of a descriptor that is being closed may belong to
		 * another file.
		 */
		private void inspect() {
			if (!this.closing && this.inspected.compareAndSet(false, true)) {
				FdKind found = Descriptors.kind(this.number);
				this.kind = this.closing ? null : found;
			}
		}

		private HeldDescriptor describe() {
			FdKind known = this.kind;
			return new HeldDescriptor(this.number, (known != null) ? known.toString() : null,
					this.closing ? null : Descriptors.target(this.number), this.origin,
					Instant.ofEpochMilli(this.since), this.listener, this.closing);
		}

	}

}
