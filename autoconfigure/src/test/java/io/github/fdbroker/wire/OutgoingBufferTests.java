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

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OutgoingBuffer}.
 */
class OutgoingBufferTests {

	private final OutgoingBuffer buffer = new OutgoingBuffer();

	@Test
	void roomWhenFullKeepsWhatWasWritten() {
		for (int i = 0; i < 100_000; i++) {
			this.buffer.room(Integer.BYTES).putInt(i);
		}
		var written = this.buffer.flip();
		assertThat(written.isDirect()).isTrue();
		assertThat(written.remaining()).isEqualTo(400_000);
		int[] numbers = new int[100_000];
		written.asIntBuffer().get(numbers);
		assertThat(numbers).isEqualTo(IntStream.range(0, 100_000).toArray());
	}

	@Test
	void clearWhenBufferGrewFarShrinks() {
		assertThat(this.buffer.room(0).capacity()).isZero();
		assertThat(this.buffer.room(1).capacity()).isEqualTo(4096);
		assertThat(this.buffer.room(100_000).capacity()).isEqualTo(100_000);
		this.buffer.clear();
		assertThat(this.buffer.room(0).capacity()).isEqualTo(100_000);
		this.buffer.room(1_000_000);
		this.buffer.clear();
		assertThat(this.buffer.room(0).capacity()).isEqualTo(4096);
	}

	@Test
	void roomWhenMoreThanArrayCanHoldThrows() {
		this.buffer.room(1).put((byte) 1);
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> this.buffer.room(Integer.MAX_VALUE));
	}

}
