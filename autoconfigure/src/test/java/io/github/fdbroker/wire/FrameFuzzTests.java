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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.OutgoingFdMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes, a {@link FrameDecoder} yields messages or one of two exceptions, and
 * loses no descriptor.
 */
class FrameFuzzTests {

	private static final int INPUTS = 250_000;

	private static final long SEED = 20260101;

	private static final int[] EDGES = { 0, 1, 2, 0x7f, 0x80, 0xff };

	private final Random random = new Random(SEED);

	private final List<byte[]> corpus = List.of(ByteStream.encode(ByteStream.oneWay("", 0)),
			ByteStream.encode(ByteStream.oneWay("payload", 3)),
			ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder()
				.header("name", "value")
				.header("größe", "😀")
				.descriptor("label", UnusedNumbers.next())
				.payload(new byte[40]))),
			ByteStream.encode(ByteStream.oneWay("a", 1), ByteStream.oneWay("b", 0), ByteStream.oneWay("c", 2)));

	@Test
	void decodeWhenInputIsMutatedYieldsMessagesOrRefuses() {
		int delivered = 0;
		int refused = 0;
		int incomplete = 0;
		for (int i = 0; i < INPUTS; i++) {
			byte[] input = input();
			try (ByteStream stream = new ByteStream(new FrameFormat())) {
				List<Envelope> envelopes = new ArrayList<>();
				if (!decode(stream, input, envelopes)) {
					refused++;
				}
				else if (envelopes.isEmpty()) {
					incomplete++;
				}
				else {
					delivered++;
				}
				assertThat(stream.wantedBytes()).isLessThanOrEqualTo(Math.max(64, 2 * input.length));
				stream.close();
				envelopes.forEach((envelope) -> envelope.message().close());
				assertThat(stream.open()).as("descriptors left open by input %d", i).isZero();
			}
		}
		// None of the three may be what hardly ever happens.
		assertThat(List.of(delivered, refused, incomplete)).allMatch((count) -> count > INPUTS / 100);
	}

	private boolean decode(ByteStream stream, byte[] input, List<Envelope> envelopes) {
		try {
			int position = 0;
			while (position < input.length) {
				int end = this.random.nextBoolean() ? input.length
						: position + 1 + this.random.nextInt(input.length - position);
				int descriptors = (position == 0 || this.random.nextInt(20) == 0) ? descriptors(input) : 0;
				envelopes
					.addAll(stream.read(Arrays.copyOfRange(input, position, end), UnusedNumbers.list(descriptors)));
				position = end;
			}
			return true;
		}
		catch (FdProtocolException | FdLimitException ex) {
			return false;
		}
	}

	private int descriptors(byte[] input) {
		return (this.random.nextInt(10) > 0 && input.length > 7)
				? Math.min(20, ByteBuffer.wrap(input).getShort(6) & 0xff) : this.random.nextInt(4);
	}

	private byte[] input() {
		byte[] input = this.corpus.get(this.random.nextInt(this.corpus.size())).clone();
		int mutations = this.random.nextInt(4);
		for (int i = 0; i < mutations; i++) {
			input = mutate(input);
		}
		return input;
	}

	private byte[] mutate(byte[] input) {
		int at = this.random.nextInt(input.length);
		switch (this.random.nextInt(6)) {
			case 0 -> input[at] ^= (byte) (1 << this.random.nextInt(8));
			case 1 -> input[at] = (byte) EDGES[this.random.nextInt(EDGES.length)];
			case 2 -> input[at] += (byte) (this.random.nextInt(5) - 2);
			case 3 -> {
				return Arrays.copyOf(input, at + 1);
			}
			case 4 -> {
				return Arrays.copyOf(input, input.length + 1 + this.random.nextInt(40));
			}
			default -> {
				byte[] twice = Arrays.copyOf(input, input.length + at);
				System.arraycopy(input, 0, twice, input.length, at);
				return twice;
			}
		}
		return input;
	}

}
