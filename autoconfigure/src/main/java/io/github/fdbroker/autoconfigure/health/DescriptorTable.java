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

package io.github.fdbroker.autoconfigure.health;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

import io.github.fdbroker.system.OpenFilesLimit;

/**
 * How full the descriptor table of this process is.
 *
 * @param open how many descriptors are open, -1 if that is not known
 * @param limit how many can be open ({@code RLIMIT_NOFILE})
 */
record DescriptorTable(long open, long limit) {

	private static final double ALMOST_FULL = 0.9;

	/**
	 * Java counts by opening a directory, and throws an error if the table is full.
	 */
	static DescriptorTable ofProcess() {
		long limit = OpenFilesLimit.get();
		try {
			return new DescriptorTable(count(), limit);
		}
		catch (InternalError ex) {
			return new DescriptorTable(limit, limit);
		}
	}

	private static long count() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? system.getOpenFileDescriptorCount() : -1;
	}

	boolean isAlmostFull() {
		return (double) this.open / this.limit > ALMOST_FULL;
	}

}
