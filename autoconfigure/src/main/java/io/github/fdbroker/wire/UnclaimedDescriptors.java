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

package io.github.fdbroker.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.DescriptorHandle;

/**
 * The descriptors of a stream that belong to no message yet, by the read that they were
 * received in. For use by one thread.
 */
final class UnclaimedDescriptors {

	private final Deque<Read> reads = new ArrayDeque<>(2);

	/**
	 * Add the descriptors of a read, if there are any.
	 * @param start the position in the stream where it began
	 * @param end the position where it ended
	 */
	void add(long start, long end, List<DescriptorHandle> descriptors) {
		if (!descriptors.isEmpty()) {
			this.reads.add(new Read(start, end, descriptors));
		}
	}

	/**
	 * Return the earliest read with descriptors that were not taken.
	 */
	@Nullable Read first() {
		return this.reads.peek();
	}

	/**
	 * Take the descriptors of that read.
	 */
	List<DescriptorHandle> take() {
		return this.reads.remove().descriptors();
	}

	int count() {
		int count = 0;
		for (Read read : this.reads) {
			count += read.descriptors().size();
		}
		return count;
	}

	/**
	 * Return the descriptors of reads without a byte of the stream.
	 */
	int countElsewhere(long position) {
		int count = 0;
		for (Read read : this.reads) {
			count += read.contains(position) ? 0 : read.descriptors().size();
		}
		return count;
	}

	void close() {
		this.reads.forEach((read) -> DescriptorHandle.closeEach(read.descriptors()));
	}

	/**
	 * A read with descriptors.
	 *
	 * @param start the position in the stream where it began
	 * @param end the position where it ended
	 * @param descriptors the descriptors
	 */
	record Read(long start, long end, List<DescriptorHandle> descriptors) {

		boolean contains(long position) {
			return this.start <= position && position < this.end;
		}

	}

}
