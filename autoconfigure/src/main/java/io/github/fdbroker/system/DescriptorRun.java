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

import org.jspecify.annotations.Nullable;

/**
 * Descriptors with consecutive numbers, which are closed in one call (close_range(2)). A
 * number is added after its handle was claimed: from then on no other thread closes,
 * sends or detaches it, and no other file can have it.
 */
final class DescriptorRun implements Runnable {

	/** Without a number. */
	static final DescriptorRun EMPTY = new DescriptorRun(-1, 0, null);

	private final int first;

	private final @Nullable DescriptorCharge charge;

	private int count;

	private DescriptorRun(int first, int count, @Nullable DescriptorCharge charge) {
		this.first = first;
		this.count = count;
		this.charge = charge;
	}

	/**
	 * Add a number, or close this run and begin another one.
	 * @param charge what the descriptor is counted against
	 * @return the run to continue with
	 */
	DescriptorRun add(int number, @Nullable DescriptorCharge charge) {
		if (this.count > 0 && number == this.first + this.count && charge == this.charge) {
			this.count++;
			return this;
		}
		// First, so that this run is still to be closed if there is no memory.
		DescriptorRun next = new DescriptorRun(number, 1, charge);
		close();
		return next;
	}

	void close() {
		if (this.count > 0 && this.charge != null) {
			this.charge.close(this.count, this);
		}
		else {
			run();
		}
	}

	@Override
	public void run() {
		if (this.count > 1) {
			Kernel.calls().closeRange(this.first, this.first + this.count - 1);
		}
		else if (this.count == 1) {
			Kernel.calls().close(this.first);
		}
	}

}
