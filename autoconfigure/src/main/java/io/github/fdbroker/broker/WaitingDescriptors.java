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

package io.github.fdbroker.broker;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.system.OpenFilesLimit;

/**
 * Counts the duplicates of descriptors that wait to be sent, to all peers and children
 * together, so that receivers that read nothing do not fill the descriptor table. Safe
 * for use by several threads.
 */
public final class WaitingDescriptors {

	private final int limit;

	private final AtomicInteger count = new AtomicInteger();

	WaitingDescriptors(int limit) {
		this.limit = limit;
	}

	/**
	 * Create a counter with half of RLIMIT_NOFILE as its limit.
	 * @return the counter
	 */
	public static WaitingDescriptors ofProcess() {
		return new WaitingDescriptors((int) Math.min(Integer.MAX_VALUE, OpenFilesLimit.get() / 2));
	}

	int count() {
		return this.count.get();
	}

	int limit() {
		return this.limit;
	}

	/**
	 * Add descriptors.
	 * @return {@code false} if the limit would be exceeded; they are not counted then
	 */
	boolean add(int descriptors) {
		if (this.count.addAndGet(descriptors) <= this.limit || descriptors == 0) {
			return true;
		}
		this.count.addAndGet(-descriptors);
		return false;
	}

	void remove(int descriptors) {
		this.count.addAndGet(-descriptors);
	}

}
