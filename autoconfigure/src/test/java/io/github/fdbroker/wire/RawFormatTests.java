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

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RawFormat}.
 */
class RawFormatTests {

	private final RawFormat format = new RawFormat();

	@Test
	void encodeWritesPayloadAlone() {
		assertThat(encode(OutgoingFdMessage.builder().payload("plain".getBytes()).header("lost", "1").build()))
			.isEqualTo("plain".getBytes());
	}

	@Test
	void encodeWhenPayloadIsEmptyWritesNothing() {
		assertThat(encode(OutgoingFdMessage.of(new byte[0]))).isEmpty();
	}

	@Test
	void decodeYieldsEachReadAsMessage() {
		try (ByteStream stream = new ByteStream(this.format)) {
			List<DescriptorHandle> descriptors = UnusedNumbers.list(2);
			Envelope envelope = stream.read("some".getBytes(), descriptors).get(0);
			assertThat(envelope.kind()).isEqualTo(MessageKind.REQUEST);
			assertThat(envelope.message().text()).isEqualTo("some");
			assertThat(envelope.message().descriptors()).isEqualTo(descriptors);
			assertThat(stream.isInMessage()).isFalse();
			assertThat(stream.read("more".getBytes(), List.of()).get(0).message().text()).isEqualTo("more");
		}
	}

	@Test
	void decodeWhenTooManyDescriptorsRefusesAndClosesThem() {
		ByteStream stream = new ByteStream(this.format);
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(() -> stream.read(new byte[1], UnusedNumbers.list(17)))
			.withMessageContaining("17 descriptors exceeds the limit of 16, see fdbroker.sockets.test.max-desc");
		stream.close();
		assertThat(stream.open()).isZero();
	}

	@Test
	void decodeWhenReadIsLargerThanMessagesSplitsItAndDescriptorsStayWithTheEnd() {
		try (ByteStream stream = new ByteStream(this.format)) {
			DescriptorHandle descriptor = UnusedNumbers.next();
			List<Envelope> envelopes = stream.read("x".repeat(ByteStream.MAX_BYTES) + "end", descriptor);
			assertThat(envelopes).extracting((envelope) -> envelope.message().text().length())
				.containsExactly(ByteStream.MAX_BYTES, 3);
			assertThat(envelopes.get(0).message().attachments()).isEmpty();
			assertThat(envelopes.get(1).message().descriptors()).containsExactly(descriptor);
		}
	}

	@Test
	void decodeWhenReplyIsAwaitedYieldsReply() {
		try (ByteStream stream = new ByteStream(this.format, DescriptorDemand.AWAITS_ANSWER)) {
			assertThat(stream.read("reply").get(0).kind()).isEqualTo(MessageKind.REPLY);
		}
	}

	@Test
	void decodeWhenDescriptorIsNeededLetsBytesWaitForIt() {
		try (ByteStream stream = needing()) {
			assertThat(stream.read("X")).isEmpty();
			assertThat(stream.isInMessage()).isTrue();
			assertThat(stream.read("Y")).isEmpty();
			DescriptorHandle descriptor = UnusedNumbers.next();
			Envelope envelope = stream.read("Z", descriptor).get(0);
			assertThat(envelope.message().text()).isEqualTo("XYZ");
			assertThat(envelope.message().descriptors()).containsExactly(descriptor);
			assertThat(stream.isInMessage()).isFalse();
		}
	}

	@Test
	void decodeWhenDescriptorIsNeededAndComesInSameReadYieldsOneMessage() {
		try (ByteStream stream = needing()) {
			assertThat(stream.read("Xb", UnusedNumbers.next())).singleElement()
				.satisfies((envelope) -> assertThat(envelope.message().text()).isEqualTo("Xb"));
			assertThat(stream.read("c", UnusedNumbers.next())).singleElement()
				.satisfies((envelope) -> assertThat(envelope.message().text()).isEqualTo("c"));
		}
	}

	@Test
	void decodeWhenBytesWaitUpToTheLimitTakesNoneMore() {
		try (ByteStream stream = needing()) {
			assertThat(stream.read("x".repeat(ByteStream.MAX_BYTES))).isEmpty();
			assertThat(stream.wantedBytes()).isGreaterThan(ByteStream.MAX_BYTES);
			assertThatExceptionOfType(FdLimitException.class).isThrownBy(() -> stream.read("x"))
				.withMessage(
						"Received 4097 bytes without the descriptor that the listener requires, more than the limit of "
								+ "4096, see fdbroker.sockets.test.max-message-size");
		}
	}

	@Test
	void closeWhenDescriptorsWereNotFetchedClosesThem() {
		ByteStream stream = needing();
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(() -> stream.read("x".repeat(ByteStream.MAX_BYTES + 1), UnusedNumbers.next()));
		stream.close();
		assertThat(stream.open()).isZero();
	}

	private ByteStream needing() {
		return new ByteStream(this.format, DescriptorDemand.NEEDS_DESCRIPTOR);
	}

	private byte[] encode(OutgoingFdMessage message) {
		OutgoingBuffer out = new OutgoingBuffer();
		this.format.encode(List.of(ByteStream.outgoing(MessageKind.ONE_WAY, 0, message)), out);
		return ByteStream.bytes(out);
	}

}
