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
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Closes the descriptors whose owners were garbage-collected without having been closed,
 * counts them, and reports them. Only descriptors that the application has to close are
 * watched. Safe for use by several threads.
 */
public final class DescriptorLeaks {

	/** Watches nothing. */
	public static final DescriptorLeaks UNWATCHED = new DescriptorLeaks(false, null);

	private final boolean stackTraces;

	private final @Nullable Consumer<DescriptorLeak> report;

	private final LongAdder count = new LongAdder();

	private volatile @Nullable Cleaner cleaner;

	/**
	 * Create an instance. Its thread runs as soon as there is something to watch.
	 * @param stackTraces whether to remember where each descriptor was handed out
	 * @param report called for each leak, on the thread of this object
	 */
	public DescriptorLeaks(boolean stackTraces, @Nullable Consumer<DescriptorLeak> report) {
		this.stackTraces = stackTraces;
		this.report = report;
	}

	/**
	 * Return how many descriptors were leaked and closed.
	 * @return the number
	 */
	public long count() {
		return this.count.sum();
	}

	/**
	 * Watch a descriptor until it is closed, detached or taken.
	 * @param handle the owner, which is not handed out yet
	 * @param origin the connection or peer that it came from
	 */
	public void watch(DescriptorHandle handle, String origin) {
		if (this.report != null) {
			Watch watch = new Watch(handle, origin);
			watch.cleanable = cleaner().register(handle, watch::leaked);
			handle.chargedTo(watch);
		}
	}

	private Cleaner cleaner() {
		Cleaner existing = this.cleaner;
		return (existing != null) ? existing : createCleaner();
	}

	private synchronized Cleaner createCleaner() {
		Cleaner existing = this.cleaner;
		if (existing == null) {
			existing = Cleaner.create((task) -> new Thread(task, "fd-leaks"));
			this.cleaner = existing;
		}
		return existing;
	}

	/**
	 * The state of one descriptor, which does not refer to its owner.
	 */
	private final class Watch implements DescriptorCharge {

		private final FileDescriptor descriptor;

		private final @Nullable DescriptorCharge charge;

		private final String origin;

		private final long since = System.currentTimeMillis();

		private final @Nullable Throwable creation;

		private final AtomicBoolean armed = new AtomicBoolean(true);

		private @Nullable Cleanable cleanable;

		private Watch(DescriptorHandle handle, String origin) {
			this.descriptor = handle.descriptor();
			this.charge = handle.charge();
			this.origin = origin;
			this.creation = DescriptorLeaks.this.stackTraces ? new Throwable("Handed out here") : null;
		}

		@Override
		public void close(int count, Runnable close) {
			if (!disarm()) {
				return;
			}
			if (this.charge != null) {
				this.charge.close(count, close);
			}
			else {
				close.run();
			}
		}

		@Override
		public void end() {
			disarm();
			if (this.charge != null) {
				this.charge.end();
			}
		}

		/**
		 * Stop watching.
		 * @return {@code false} if the owner was garbage-collected first
		 */
		private boolean disarm() {
			boolean disarmed = this.armed.getAndSet(false);
			if (disarmed && this.cleanable != null) {
				this.cleanable.clean();
			}
			return disarmed;
		}

		private void leaked() {
			Consumer<DescriptorLeak> report = DescriptorLeaks.this.report;
			if (report != null && this.armed.getAndSet(false)) {
				DescriptorLeak leak = new DescriptorLeak(Descriptors.number(this.descriptor),
						Descriptors.target(Descriptors.number(this.descriptor)), this.origin,
						Instant.ofEpochMilli(this.since), this.creation);
				DescriptorLeaks.this.count.increment();
				report.accept(leak);
				// A close may hang, and this thread finds all other leaks.
				Thread closing = new Thread(this::closeLeaked, "fd-leaks-close");
				closing.setDaemon(true);
				start(closing);
			}
		}

		private void start(Thread closing) {
			try {
				closing.start();
			}
			catch (OutOfMemoryError ex) {
				closeLeaked();
			}
		}

		private void closeLeaked() {
			if (this.charge != null) {
				this.charge.close(1, () -> Descriptors.close(this.descriptor));
			}
			else {
				Descriptors.close(this.descriptor);
			}
		}

	}

}
