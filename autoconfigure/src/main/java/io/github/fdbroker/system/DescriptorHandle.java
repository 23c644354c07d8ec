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
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;

/**
 * The one owner of an open descriptor: it is closed once, and only when no system call
 * uses its number any more, so that a number which the system gave to another file
 * meanwhile is never used by mistake.
 */
public final class DescriptorHandle implements OwnedFd {

	private static final AtomicIntegerFieldUpdater<DescriptorHandle> STATE = AtomicIntegerFieldUpdater
		.newUpdater(DescriptorHandle.class, "state");

	private static final AtomicReferenceFieldUpdater<DescriptorHandle, @Nullable DescriptorCharge> CHARGE = AtomicReferenceFieldUpdater
		.newUpdater(DescriptorHandle.class, DescriptorCharge.class, "charge");

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final DescriptorRun EMPTY = DescriptorRun.EMPTY;

	private static final int CLOSED = Integer.MIN_VALUE;

	private static final int ALONE = 1 << 30;

	/**
	 * How many use the descriptor, with one bit set where nobody else may, and the sign
	 * bit once it is closed.
	 */
	private volatile int state;

	private final int number;

	/** Made when it is first asked for: most descriptors are received and closed. */
	private volatile @Nullable FileDescriptor descriptor;

	/** Set before the descriptor is handed out. */
	private DescriptorConversion conversion = DescriptorConversion.NONE;

	/** Whether the application has to close this. Set before it is handed out. */
	private boolean escaped;

	/** Until the descriptor is closed or detached. */
	private volatile @Nullable DescriptorCharge charge;

	/**
	 * Take ownership of a descriptor.
	 * @param descriptor the descriptor
	 */
	public DescriptorHandle(FileDescriptor descriptor) {
		this.number = Descriptors.number(descriptor);
		this.descriptor = descriptor;
	}

	/**
	 * Take ownership of a descriptor that no object of the Java runtime stands for yet.
	 */
	public DescriptorHandle(int number) {
		this.number = number;
	}

	/**
	 * Set what gives the descriptor to objects of other types.
	 * @param conversion the conversion
	 * @return this handle
	 */
	public DescriptorHandle convertibleBy(DescriptorConversion conversion) {
		this.conversion = conversion;
		return this;
	}

	/**
	 * Watch whether the application closes the descriptor, which it receives now. If that
	 * fails, the descriptor is closed.
	 * @return this handle
	 */
	public DescriptorHandle escape() {
		try {
			return watched();
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	private DescriptorHandle watched() {
		this.escaped = true;
		this.conversion.escaped(this);
		return this;
	}

	/**
	 * Set what the descriptor is counted against until it is closed or detached. If an
	 * object of another type takes it, it is counted until this handle is closed, because
	 * its message closes it. The application need not close a handle without a
	 * descriptor, so one that it has received ends the count at once.
	 * @param charge the charge
	 */
	public void chargedTo(DescriptorCharge charge) {
		this.charge = charge;
	}

	/**
	 * Return what the descriptor is counted against.
	 * @return the charge, or {@code null}
	 */
	public @Nullable DescriptorCharge charge() {
		return this.charge;
	}

	/**
	 * Borrow the descriptor: it stays open until the loan is over, whoever closes this
	 * handle meanwhile.
	 * @return the loan
	 * @throws IllegalStateException if it is no longer owned, or somebody has it alone
	 */
	public BorrowedFd lend() {
		return new BorrowedFd(acquire(), this::release);
	}

	/**
	 * Keep the descriptor open until {@link #release()}.
	 * @return the descriptor
	 * @throws IllegalStateException if it is no longer owned, or somebody has it alone
	 */
	public FileDescriptor acquire() {
		int users = STATE.getAndUpdate(this, (count) -> (count < 0 || count > ALONE) ? count : count + 1);
		if (users < 0 || users > ALONE) {
			throw notAvailable();
		}
		return descriptor();
	}

	/**
	 * Keep the descriptor open until {@link #release()}, or fail like a channel.
	 * @return the descriptor
	 * @throws ClosedChannelException if it is no longer owned, or somebody has it alone
	 */
	public FileDescriptor acquireOrClosed() throws ClosedChannelException {
		try {
			return acquire();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

	/**
	 * Undo an {@link #acquire()} or {@link #acquireAlone()}, and close the descriptor if
	 * that was put off until now.
	 */
	public void release() {
		if (STATE.updateAndGet(this, (users) -> (users - 1) & ~ALONE) == CLOSED) {
			closeClaimed();
		}
	}

	@Override
	public FileDescriptor fileDescriptor() {
		return use((descriptor) -> descriptor);
	}

	@Override
	public int number() {
		return use((descriptor) -> this.number);
	}

	@Override
	public FdKind kind() {
		return use(DescriptorInspector::inspect);
	}

	@Override
	public <T> T into(Class<T> type) {
		FileDescriptor acquired = acquireAlone();
		boolean taken = false;
		try {
			T result = convert(acquired, type);
			detachAcquired();
			taken = true;
			return result;
		}
		finally {
			if (!taken) {
				release();
			}
		}
	}

	private <T> T convert(FileDescriptor acquired, Class<T> type) {
		if (type != OwnedFd.class) {
			return this.conversion.convert(acquired, DescriptorInspector.inspect(acquired), type);
		}
		T result = type.cast(new DescriptorHandle(acquired).convertibleBy(this.conversion).watched());
		endCharge();
		return result;
	}

	@Override
	public OwnedFd dup() {
		return use((original) -> {
			try {
				return new DescriptorHandle(Descriptors.duplicate(original)).convertibleBy(this.conversion).escape();
			}
			catch (IOException ex) {
				throw new FdException("The descriptor cannot be duplicated: " + ex.getMessage(), ex);
			}
		});
	}

	@Override
	public void close() {
		closeOnce();
	}

	/**
	 * Close the descriptor, at once or as soon as it is no longer in use.
	 * @return {@code false} if it was no longer owned
	 */
	public boolean closeOnce() {
		int users = markClosed();
		if (users == 0) {
			closeClaimed();
		}
		return users >= 0;
	}

	@Override
	public void closeAll(List<? extends OwnedFd> descriptors) {
		closeEach(descriptors);
	}

	/**
	 * Close descriptors, those with consecutive numbers in one system call.
	 * @param descriptors the descriptors
	 */
	public static void closeEach(List<? extends OwnedFd> descriptors) {
		DescriptorRun run = EMPTY;
		try {
			for (OwnedFd descriptor : descriptors) {
				if (descriptor instanceof DescriptorHandle handle) {
					run = handle.closeWith(run);
				}
				else {
					descriptor.close();
				}
			}
		}
		finally {
			run.close();
		}
	}

	private DescriptorRun closeWith(DescriptorRun run) {
		if (markClosed() != 0) {
			return run;
		}
		if (this.descriptor != null) {
			closeClaimed();
			return run;
		}
		DescriptorCharge charged = takeCharge();
		try {
			return run.add(this.number, charged);
		}
		catch (OutOfMemoryError ex) {
			Kernel.calls().close(this.number);
			if (charged != null) {
				charged.end();
			}
			throw ex;
		}
	}

	private int markClosed() {
		int users = STATE.getAndUpdate(this, (count) -> count | CLOSED);
		if (users == CLOSED) {
			endCharge();
		}
		return users;
	}

	@Override
	public FileDescriptor detach() {
		if (!STATE.compareAndSet(this, 0, CLOSED)) {
			throw notAvailable();
		}
		endCharge();
		return descriptor();
	}

	/**
	 * Keep the descriptor open for nobody but the caller, until {@link #release()} or
	 * {@link #detachAcquired()}.
	 * @return the descriptor
	 * @throws IllegalStateException if it is no longer owned, or in use
	 */
	public FileDescriptor acquireAlone() {
		if (!STATE.compareAndSet(this, 0, ALONE + 1)) {
			throw notAvailable();
		}
		return descriptor();
	}

	/**
	 * Give up ownership of a descriptor that the caller has {@link #acquireAlone()
	 * acquired alone}, in place of releasing it. A concurrent close has no effect.
	 */
	public void detachAcquired() {
		if (STATE.getAndSet(this, CLOSED) < 0 || this.escaped) {
			endCharge();
		}
	}

	@Override
	public boolean isOpen() {
		return this.state >= 0;
	}

	@Override
	public String toString() {
		return isOpen() ? "OwnedFd[" + kind() + "]" : "OwnedFd[closed or taken]";
	}

	private <T> T use(Function<FileDescriptor, T> action) {
		FileDescriptor acquired = acquire();
		try {
			return action.apply(acquired);
		}
		finally {
			release();
		}
	}

	/**
	 * For a caller that has acquired or detached it, or has not passed it on yet.
	 */
	FileDescriptor descriptor() {
		FileDescriptor known = this.descriptor;
		if (known == null) {
			synchronized (this) {
				known = this.descriptor;
				if (known == null) {
					known = Junixsocket.descriptor(this.number);
					this.descriptor = known;
				}
			}
		}
		return known;
	}

	/**
	 * An object that stands for the descriptor has to learn that it is closed.
	 */
	private void closeClaimed() {
		DescriptorCharge charged = takeCharge();
		if (charged != null) {
			charged.close(1, this::closeNow);
		}
		else {
			closeNow();
		}
	}

	private @Nullable DescriptorCharge takeCharge() {
		return CHARGE.getAndSet(this, null);
	}

	private void endCharge() {
		DescriptorCharge charged = takeCharge();
		if (charged != null) {
			charged.end();
		}
	}

	private void closeNow() {
		FileDescriptor known = this.descriptor;
		if (known != null) {
			Descriptors.close(known);
		}
		else {
			Kernel.calls().close(this.number);
		}
	}

	private IllegalStateException notAvailable() {
		return new IllegalStateException(
				isOpen() ? "The descriptor is in use" : "The descriptor is closed or was taken");
	}

}
