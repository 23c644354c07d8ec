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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.socket.Received;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PacketDecoding}.
 */
class PacketDecodingTests {

	private static final WireLimits LIMITS = new WireLimits("test", 100, 16, null, null);

	@Test
	void decodeWhenNothingIsLeftOverReturnsAllMessages() {
		assertThat(decode("one\0two\0")).hasSize(2);
	}

	@Test
	void decodeWhenSomethingIsLeftOverRefuses() {
		assertThatExceptionOfType(FdProtocolException.class).isThrownBy(() -> decode("one\0rest"))
			.withMessageContaining("Received an incomplete message");
	}

	private static List<Envelope> decode(String text) {
		return PacketDecoding.decode(new ApueFormat(), LIMITS,
				ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)),
				new Received(List.of(), false, false, null, null), DescriptorDemand.TAKES_NO_DESCRIPTOR);
	}

}
