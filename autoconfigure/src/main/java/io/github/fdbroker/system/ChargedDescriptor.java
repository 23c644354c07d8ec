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
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * An open descriptor, how it is closed, and what it is counted against until then. When
 * it is closed is decided by {@link CountedDescriptor}.
 */
abstract class ChargedDescriptor {

	private static final AtomicReferenceFieldUpdater<ChargedDescriptor, @Nullable DescriptorCharge> CHARGE = AtomicReferenceFieldUpdater
		.newUpdater(ChargedDescriptor.class, DescriptorCharge.class, "charge");

	private final int number;

	/** Made when it is first asked for: most descriptors are received and closed. */
	private volatile @Nullable FileDescriptor descriptor;

	/** Until the descriptor is closed or detached. */
	private volatile @Nullable DescriptorCharge charge;

	ChargedDescriptor(FileDescriptor descriptor) {
		this.number = FileDescriptors.number(descriptor);
		this.descriptor = descriptor;
	}

	ChargedDescriptor(int number) {
		this.number = number;
	}

	/**
	 * Set what the descriptor is counted against until it is closed or detached. If an
	 * object of another type takes it, it is counted until this handle is closed, because
	 * its message closes it. The application need not close a handle without a
	 * descriptor, so one that it has received ends the count at once.
	 * @param charge the charge
	 */
	public final void chargedTo(DescriptorCharge charge) {
		this.charge = charge;
	}

	/**
	 * Return what the descriptor is counted against.
	 * @return the charge, or {@code null}
	 */
	public final @Nullable DescriptorCharge charge() {
		return this.charge;
	}

	/**
	 * Return the number, for a caller that has acquired it.
	 */
	final int acquiredNumber() {
		return this.number;
	}

	/**
	 * For a caller that has acquired or detached it, or has not passed it on yet.
	 */
	final FileDescriptor descriptor() {
		FileDescriptor known = this.descriptor;
		return (known != null) ? known : createDescriptor();
	}

	private synchronized FileDescriptor createDescriptor() {
		FileDescriptor known = this.descriptor;
		if (known == null) {
			known = FileDescriptors.of(this.number);
			this.descriptor = known;
		}
		return known;
	}

	/**
	 * Count the descriptor no longer.
	 */
	final void endCharge() {
		DescriptorCharge charged = takeCharge();
		if (charged != null) {
			charged.end();
		}
	}

	private @Nullable DescriptorCharge takeCharge() {
		return CHARGE.getAndSet(this, null);
	}

	/**
	 * Close the descriptor, which the caller has claimed.
	 */
	final void closeClaimed() {
		DescriptorCharge charged = takeCharge();
		if (charged != null) {
			charged.close(1, this::closeNow);
		}
		else {
			closeNow();
		}
	}

	/**
	 * Close the descriptor, which the caller has claimed, together with those of a run.
	 * If an object stands for it, that object must learn that it is closed.
	 * @return the run to continue with
	 */
	final DescriptorRun closeClaimed(DescriptorRun run) {
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

	private void closeNow() {
		FileDescriptor known = this.descriptor;
		if (known != null) {
			FileDescriptors.close(known);
		}
		else {
			Kernel.calls().close(this.number);
		}
	}

}
