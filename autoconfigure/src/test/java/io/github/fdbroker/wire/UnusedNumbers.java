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

import java.util.List;
import java.util.stream.IntStream;

import io.github.fdbroker.system.DescriptorHandle;

/**
 * Descriptors whose number no file can have: decoders only close them.
 */
final class UnusedNumbers {

	/** Beyond {@code fs.nr_open}. */
	private static final int UNUSED = 1 << 30;

	private UnusedNumbers() {
	}

	static DescriptorHandle next() {
		return new DescriptorHandle(UNUSED);
	}

	static List<DescriptorHandle> list(int count) {
		return IntStream.range(0, count).mapToObj((index) -> next()).toList();
	}

}
