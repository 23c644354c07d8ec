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

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.OutgoingFdMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@link ApueFormat} writes.
 */
class ApueFormatTests {

	private static final int MAX_TEXT = 4094;

	@Test
	void requestIsPayloadAndNul() {
		assertThat(encode(MessageKind.REQUEST, message("open /etc/hosts 0"))).isEqualTo("open /etc/hosts 0\0");
		assertThat(encode(MessageKind.REQUEST, message(""))).isEqualTo("\0");
	}

	@Test
	void requestWhenPayloadHasNulIsRefused() {
		assertRefused(MessageKind.REQUEST, message("open\0"), "The payload of a request", "cannot contain a NUL");
	}

	@Test
	void requestWhenItHasDescriptorIsRefused() {
		assertRefused(MessageKind.REQUEST, message("take this").descriptor(UnusedNumbers.next()), "has no descriptors");
	}

	@Test
	void descriptorIsNulAndStatus() {
		assertThat(encode(MessageKind.ONE_WAY, message("").descriptor(UnusedNumbers.next()))).isEqualTo("\0\0");
		assertThat(encode(MessageKind.REPLY, message("").descriptor(UnusedNumbers.next()))).isEqualTo("\0\0");
	}

	@Test
	void descriptorWhenItHasTextFollowsIt() {
		assertThat(encode(MessageKind.REPLY, message("careful").descriptor(UnusedNumbers.next())))
			.isEqualTo("careful\0\0");
	}

	@Test
	void textWhenLongerThanReceiversReadIsRefused() {
		assertThat(encode(MessageKind.REPLY, message("x".repeat(MAX_TEXT)).descriptor(UnusedNumbers.next())))
			.hasSize(MAX_TEXT + 2);
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(
					() -> encode(MessageKind.REPLY, message("x".repeat(MAX_TEXT + 1)).descriptor(UnusedNumbers.next())))
			.withMessageContaining("4095 bytes is longer than the 4094");
	}

	@Test
	void messageWhenItHasNeitherOneDescriptorNorStatusIsRefused() {
		assertRefused(MessageKind.REPLY, message("text"), "has one descriptor", "this one has 0 and the status 0");
		assertRefused(MessageKind.ONE_WAY,
				message("").descriptor(UnusedNumbers.next()).descriptor(UnusedNumbers.next()),
				"this one has 2 and the status 0");
		assertRefused(MessageKind.REPLY, message("").descriptor(UnusedNumbers.next()).header("error-status", -1),
				"this one has 1 and the status -1");
		assertRefused(MessageKind.REPLY, message("").header("error-status", "one"), "this one has 0 and the status 0");
	}

	@ParameterizedTest
	@CsvSource({ "-1,1", "-2,2", "-255,255", "-256,255" })
	void statusIsWrittenWithoutItsSign(int status, int written) {
		OutgoingFdMessage.Builder message = message("no").header("error-status", status);
		assertThat(encode(MessageKind.ONE_WAY, message)).isEqualTo("no\n\0" + (char) written);
	}

	@Test
	void errorIsItsTextAsLineAndStatus() {
		assertThat(error(new IllegalStateException("out of tea"))).isEqualTo("out of tea\n\0\1");
		assertThat(error(new IllegalStateException("a line\n"))).isEqualTo("a line\n\0\1");
		assertThat(error(new IllegalStateException(""))).isEqualTo("\0\1");
	}

	@Test
	void errorWhenOfAnotherPeerKeepsItsStatus() {
		assertThat(error(new FdRemoteException("opend", "an error", -13, "denied")))
			.isEqualTo("Peer 'opend' replied with an error (status -13): denied\n\0\15");
	}

	@Test
	void errorWhenItDoesNotFitIsMadeToFit() {
		assertThat(error(new IllegalStateException("a\0b"))).isEqualTo("a b\n\0\1");
		assertThat(error(new IllegalStateException("x".repeat(MAX_TEXT + 1)))).hasSize(MAX_TEXT + 2).endsWith("xx\0\1");
	}

	private void assertRefused(MessageKind kind, OutgoingFdMessage.Builder message, String... reasons) {
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> encode(kind, message))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(reasons));
	}

	private static OutgoingFdMessage.Builder message(String payload) {
		return OutgoingFdMessage.builder().payload(payload.getBytes());
	}

	private static String error(Throwable failure) {
		return encode(OutgoingMessage.error(0, failure));
	}

	private static String encode(MessageKind kind, OutgoingFdMessage.Builder message) {
		return encode(ByteStream.outgoing(kind, 0, message.build()));
	}

	private static String encode(OutgoingMessage message) {
		OutgoingBuffer out = new OutgoingBuffer();
		new ApueFormat().encode(List.of(message), out);
		return new String(ByteStream.bytes(out), StandardCharsets.ISO_8859_1);
	}

}
