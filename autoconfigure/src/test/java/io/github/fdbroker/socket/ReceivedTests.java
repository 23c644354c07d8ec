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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Received}.
 */
class ReceivedTests {

	@Test
	void convertibleByWhenCountingFailsClosesAllDescriptors() {
		DescriptorHandle one = new DescriptorHandle(OpenFiles.create("one"));
		DescriptorHandle two = new DescriptorHandle(OpenFiles.create("two"));
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> Received.of(List.of(one, two)).convertibleBy(new Failing()));
		assertThat(one.isOpen()).isFalse();
		assertThat(two.isOpen()).isFalse();
	}

	private static final class Failing implements DescriptorConversion {

		@Override
		public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void charge(List<DescriptorHandle> descriptors) {
			throw new OutOfMemoryError("as wanted");
		}

	}

}
