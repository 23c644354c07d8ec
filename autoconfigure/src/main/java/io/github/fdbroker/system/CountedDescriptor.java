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
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * An open descriptor that counts its users. It is closed once, and only when no system
 * call uses its number any more. So a number is never used by mistake after the system
 * gave it to another file.
 */
abstract class CountedDescriptor extends ChargedDescriptor {

	private static final AtomicIntegerFieldUpdater<CountedDescriptor> STATE = AtomicIntegerFieldUpdater
		.newUpdater(CountedDescriptor.class, "state");

	private static final int CLOSED = Integer.MIN_VALUE;

	/** Whether there is one user, and there must be no other. */
	private static final int ALONE = 1 << 30;

	/** Whether the application has to close the descriptor. */
	private static final int ESCAPED = 1 << 29;

	/**
	 * The number of users, and the three bits above. They are one field, which keeps the
	 * object small.
	 */
	private volatile int state;

	CountedDescriptor(FileDescriptor descriptor) {
		super(descriptor);
	}

	CountedDescriptor(int number) {
		super(number);
	}

	/**
	 * Keep the descriptor open until {@link #release()}.
	 * @return the descriptor
	 * @throws IllegalStateException if it is no longer owned, or another user has it
	 * alone
	 */
	public final FileDescriptor acquire() {
		int before = STATE.getAndUpdate(this, (state) -> isShareable(state) ? state + 1 : state);
		if (!isShareable(before)) {
			throw notAvailable();
		}
		return descriptor();
	}

	private static boolean isShareable(int state) {
		return state >= 0 && (state & ALONE) == 0;
	}

	/**
	 * Keep the descriptor open until {@link #release()}, or fail like a channel.
	 * @return the descriptor
	 * @throws ClosedChannelException if it is no longer owned, or another user has it
	 * alone
	 */
	public final FileDescriptor acquireOrClosed() throws ClosedChannelException {
		try {
			return acquire();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

	/**
	 * Keep the descriptor open for no other user, until {@link #release()} or
	 * {@link #detachAcquired()}.
	 * @return the descriptor
	 * @throws IllegalStateException if it is no longer owned, or in use
	 */
	public final FileDescriptor acquireAlone() {
		int idle = idle();
		if (!STATE.compareAndSet(this, idle, (idle | ALONE) + 1)) {
			throw notAvailable();
		}
		return descriptor();
	}

	/**
	 * Undo an {@link #acquire()} or {@link #acquireAlone()}, and close the descriptor if
	 * that was put off until now.
	 */
	public final void release() {
		int after = STATE.updateAndGet(this, (state) -> (state - 1) & ~ALONE);
		if ((after & ~ESCAPED) == CLOSED) {
			closeClaimed();
		}
	}

	/**
	 * End ownership of a descriptor that the caller has {@link #acquireAlone() acquired
	 * alone}, in place of releasing it. A concurrent close has no effect.
	 */
	public final void detachAcquired() {
		int before = STATE.getAndSet(this, CLOSED);
		if (before < 0 || (before & ESCAPED) != 0) {
			endCharge();
		}
	}

	/**
	 * End ownership without closing.
	 */
	final FileDescriptor detachIdle() {
		if (!STATE.compareAndSet(this, idle(), CLOSED)) {
			throw notAvailable();
		}
		endCharge();
		return descriptor();
	}

	/**
	 * Close the descriptor, at once or as soon as it is no longer in use.
	 * @return {@code false} if it was no longer owned
	 */
	public final boolean closeOnce() {
		int users = markClosed();
		if (users == 0) {
			closeClaimed();
		}
		return users >= 0;
	}

	/**
	 * Close the descriptor together with those of a run, or as soon as it is no longer in
	 * use.
	 * @return the run to continue with
	 */
	final DescriptorRun closeWith(DescriptorRun run) {
		return (markClosed() == 0) ? closeClaimed(run) : run;
	}

	/**
	 * Remember that the application has to close the descriptor.
	 */
	final void markEscaped() {
		STATE.getAndUpdate(this, (state) -> state | ESCAPED);
	}

	/**
	 * Return the number of users that there were, with the sign bit if the descriptor was
	 * closed before.
	 */
	private int markClosed() {
		int users = STATE.getAndUpdate(this, (state) -> state | CLOSED) & ~ESCAPED;
		if (users == CLOSED) {
			endCharge();
		}
		return users;
	}

	final boolean isOwned() {
		return this.state >= 0;
	}

	/**
	 * Return the state of this descriptor without users.
	 */
	private int idle() {
		return this.state & ESCAPED;
	}

	private IllegalStateException notAvailable() {
		return new IllegalStateException(
				isOwned() ? "The descriptor is in use" : "The descriptor is closed or was taken");
	}

}
