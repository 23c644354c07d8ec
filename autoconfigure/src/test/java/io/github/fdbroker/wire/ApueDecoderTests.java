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

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ApueRequestDecoder} and {@link ApueStatusDecoder}.
 */
class ApueDecoderTests {

	private final ApueFormat format = new ApueFormat();

	@Test
	void requestWhenNulCameIsWhatCameBefore() {
		try (ByteStream stream = requests()) {
			Envelope envelope = stream.read("open /etc/hosts 0\0").get(0);
			assertThat(envelope.kind()).isEqualTo(MessageKind.REQUEST);
			assertThat(envelope.message().text()).isEqualTo("open /etc/hosts 0");
			assertThat(stream.isInMessage()).isFalse();
			assertThat(stream.read("\0").get(0).message().text()).isEmpty();
		}
	}

	@Test
	void requestWhenNulDidNotComeWaitsForIt() {
		try (ByteStream stream = requests()) {
			assertThat(stream.read("op")).isEmpty();
			assertThat(stream.isInMessage()).isTrue();
			assertThat(stream.read("en")).isEmpty();
			assertThat(stream.read("\0cl")).singleElement()
				.satisfies((envelope) -> assertThat(envelope.message().text()).isEqualTo("open"));
			assertThat(stream.read("ose\0")).singleElement()
				.satisfies((envelope) -> assertThat(envelope.message().text()).isEqualTo("close"));
		}
	}

	@Test
	void requestsWhenSeveralComeInOneReadAreAllYielded() {
		try (ByteStream stream = requests()) {
			assertThat(stream.read("a\0\0b\0c")).extracting((envelope) -> envelope.message().text())
				.containsExactly("a", "", "b");
			assertThat(stream.isInMessage()).isTrue();
		}
	}

	@Test
	void requestWhenLongerThanLimitIsRefused() {
		try (ByteStream stream = requests()) {
			assertThat(stream.read("x".repeat(ByteStream.MAX_BYTES))).isEmpty();
			assertThat(stream.wantedBytes()).isGreaterThan(ByteStream.MAX_BYTES);
			assertThatExceptionOfType(FdLimitException.class).isThrownBy(() -> stream.read("x"))
				.withMessageContaining(
						"4097 bytes exceeds the limit of 4096, see fdbroker.sockets.test.max-message-size");
		}
	}

	@Test
	void requestWhenDescriptorComesIsRefused() {
		ByteStream stream = requests();
		assertThatExceptionOfType(FdProtocolException.class).isThrownBy(() -> stream.read("\0\0", UnusedNumbers.next()))
			.withMessageContaining("Received 1 descriptors with a request");
		assertThat(stream.open()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "TAKES_DESCRIPTORS", "NEEDS_DESCRIPTOR", "AWAITS_ANSWER" })
	void descriptorWhenStatusIsZeroIsYielded(DescriptorDemand recipient) {
		try (ByteStream stream = statuses(recipient)) {
			DescriptorHandle descriptor = UnusedNumbers.next();
			Envelope envelope = stream.read("\0\0", descriptor).get(0);
			assertThat(envelope.kind())
				.isEqualTo((recipient == DescriptorDemand.AWAITS_ANSWER) ? MessageKind.REPLY : MessageKind.ONE_WAY);
			assertThat(envelope.message().text()).isEmpty();
			assertThat(envelope.message().headers()).isEmpty();
			assertThat(envelope.message().descriptors()).containsExactly(descriptor);
			assertThat(stream.isInMessage()).isFalse();
		}
	}

	@ParameterizedTest
	@CsvSource({ "1,-1", "13,-13", "127,-127", "128,-128", "255,-255" })
	void statusWhenNotZeroIsErrorWithText(int code, int status) {
		try (ByteStream stream = replies()) {
			Envelope envelope = stream.read("can't open\n\0" + (char) code).get(0);
			assertThat(envelope.kind()).isEqualTo(MessageKind.ERROR);
			assertThat(envelope.errorStatus()).isEqualTo(status);
			assertThat(envelope.message().text()).isEqualTo("can't open");
			assertThat(envelope.message().attachments()).isEmpty();
		}
	}

	@Test
	void statusWhenNobodyAskedIsMessageWithoutDescriptor() {
		try (ByteStream stream = statuses(DescriptorDemand.TAKES_DESCRIPTORS)) {
			Envelope envelope = stream.read("sorry\0\2").get(0);
			assertThat(envelope.kind()).isEqualTo(MessageKind.ONE_WAY);
			assertThat(envelope.message().headers()).containsEntry("error-status", "-2");
			assertThat(envelope.message().text()).isEqualTo("sorry");
		}
	}

	@Test
	void messageWhenItComesByteByByteIsYieldedOnce() {
		for (int descriptorAt = 0; descriptorAt < 6; descriptorAt++) {
			try (ByteStream stream = replies()) {
				List<Envelope> envelopes = new ArrayList<>();
				for (int i = 0; i < 6; i++) {
					assertThat(stream.isInMessage()).isEqualTo(i > 0);
					String value = "text\0\0".substring(i, i + 1);
					envelopes
						.addAll((i == descriptorAt) ? stream.read(value, UnusedNumbers.next()) : stream.read(value));
				}
				assertThat(envelopes).singleElement().satisfies((envelope) -> {
					assertThat(envelope.message().text()).isEqualTo("text");
					assertThat(envelope.message().descriptors()).hasSize(1);
				});
				assertThat(stream.isInMessage()).isFalse();
			}
		}
	}

	@Test
	void messagesWhenTheyComeInOneReadGetTheirOwnDescriptors() {
		try (ByteStream stream = statuses(DescriptorDemand.NEEDS_DESCRIPTOR)) {
			DescriptorHandle descriptor = UnusedNumbers.next();
			List<Envelope> envelopes = stream.read("no\0\1\0\2yes\0\0", descriptor);
			assertThat(envelopes).extracting((envelope) -> envelope.message().text()).containsExactly("no", "", "yes");
			assertThat(envelopes).extracting((envelope) -> envelope.message().attachments().size())
				.containsExactly(0, 0, 1);
		}
	}

	@Test
	void messageWhenReadEndsWithinItKeepsItsDescriptorFromTheNext() {
		try (ByteStream stream = statuses(DescriptorDemand.NEEDS_DESCRIPTOR)) {
			DescriptorHandle first = UnusedNumbers.next();
			DescriptorHandle second = UnusedNumbers.next();
			assertThat(stream.read("\0", first)).isEmpty();
			assertThat(stream.read("\0\0\0", second)).extracting((envelope) -> envelope.message().descriptor(0))
				.containsExactly(first, second);
		}
	}

	@Test
	void statusWhenZeroWithoutDescriptorIsRefused() {
		assertRefused(replies(), "text\0\0", 0, "Received the status 0 with 0 descriptors instead of one");
	}

	@Test
	void statusWhenZeroWithTwoDescriptorsIsRefused() {
		assertRefused(replies(), "\0\0", 2, "Received the status 0 with 2 descriptors instead of one");
	}

	@Test
	void statusWhenNegativeWithDescriptorIsRefused() {
		assertRefused(replies(), "no\0\1", 1,
				"Received the status -1 with 1 descriptors, but only the status 0 has one");
	}

	@Test
	void statusWhenMoreFollowsInReplyIsRefused() {
		assertRefused(replies(), "no\0\1no\0\1", 0, "4 bytes follow the status, which ends a reply");
	}

	@Test
	void descriptorsWhenSeveralComeBeforeStatusAreRefused() {
		assertRefused(replies(), "text", 2, "Received 2 descriptors, but expected at most one");
		try (ByteStream stream = replies()) {
			assertThat(stream.read("te", UnusedNumbers.next())).isEmpty();
			assertRefused(stream, "xt", 1, "Received 2 descriptors, but expected at most one");
		}
	}

	@Test
	void textWhenLongerThanLimitIsRefused() {
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(() -> replies().read("x".repeat(ByteStream.MAX_BYTES + 1)))
			.withMessageContaining("4097 bytes exceeds the limit of 4096");
	}

	@Test
	void closeWhenMessageIsIncompleteClosesItsDescriptor() {
		ByteStream stream = replies();
		stream.read("text\0", UnusedNumbers.next());
		assertThat(stream.open()).isOne();
		stream.close();
		assertThat(stream.open()).isZero();
	}

	private static void assertRefused(ByteStream stream, String bytes, int descriptors, String message) {
		assertThatExceptionOfType(FdException.class)
			.isThrownBy(() -> stream.read(bytes, UnusedNumbers.list(descriptors).toArray(DescriptorHandle[]::new)))
			.isInstanceOf(FdProtocolException.class)
			.withMessageStartingWith(message);
		stream.close();
		assertThat(stream.open()).isZero();
	}

	private ByteStream requests() {
		return new ByteStream(this.format, DescriptorDemand.TAKES_NO_DESCRIPTOR);
	}

	private ByteStream replies() {
		return statuses(DescriptorDemand.AWAITS_ANSWER);
	}

	private ByteStream statuses(DescriptorDemand recipient) {
		return new ByteStream(this.format, recipient);
	}

}
