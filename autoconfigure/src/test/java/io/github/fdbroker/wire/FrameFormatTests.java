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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FrameFormat}: what it encodes, {@link FrameDecoder} decodes.
 */
class FrameFormatTests {

	@Test
	void encodeWhenExampleOfPageYieldsItsBytes() throws IOException {
		String page = Files.readString(Path.of("src/docs/wire-format.md"));
		int start = page.indexOf("```\n4644") + 4;
		String example = page.substring(start, page.indexOf("```", start));
		String hex = Pattern.compile("^((?:[0-9a-f]{2,} ?)+)", Pattern.MULTILINE)
			.matcher(example)
			.results()
			.map((line) -> line.group(1).replace(" ", ""))
			.collect(Collectors.joining());
		byte[] encoded = ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder()
			.payload("hi".getBytes())
			.header("k", "v")
			.descriptor("log", UnusedNumbers.next())));
		assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(hex);
	}

	@ParameterizedTest
	@EnumSource
	void decodeWhenEncodedYieldsKindAndCorrelation(MessageKind kind) {
		Envelope envelope = roundTrip(ByteStream.outgoing(kind, -2, OutgoingFdMessage.of(new byte[0])), 0);
		assertThat(envelope.kind()).isEqualTo(kind);
		assertThat(envelope.correlation()).isEqualTo(-2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "žluťoučký kůň", "日本語", "😀\0\n\r" })
	void decodeWhenEncodedYieldsTextAsItWas(String text) {
		FdMessage message = roundTrip(ByteStream.oneWay(OutgoingFdMessage.builder()
			.payload(text.getBytes(StandardCharsets.UTF_8))
			.header("name" + text, text)
			.descriptor("fd" + text, UnusedNumbers.next())), 1).message();
		assertThat(message.text()).isEqualTo(text);
		assertThat(message.headers()).isEqualTo(Map.of("name" + text, text));
		assertThat(message.attachments()).extracting(Attachment::name).containsExactly("fd" + text);
	}

	@Test
	void decodeWhenSeveralMessagesGivesEachItsDescriptors() {
		List<DescriptorHandle> descriptors = UnusedNumbers.list(6);
		byte[] frame = ByteStream.encode(ByteStream.oneWay("none", 0), ByteStream.oneWay("two", 2), ByteStream.oneWay(
				OutgoingFdMessage.builder().descriptor("third", UnusedNumbers.next()).descriptor(UnusedNumbers.next())),
				ByteStream.oneWay("", 2));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			List<Envelope> envelopes = stream.read(frame, descriptors);
			assertThat(envelopes).extracting((envelope) -> envelope.message().text())
				.containsExactly("none", "two", "", "");
			assertThat(envelopes.get(0).message().attachments()).isEmpty();
			assertThat(envelopes.get(1).message().descriptors()).isEqualTo(descriptors.subList(0, 2));
			assertThat(envelopes.get(2).message().descriptors()).isEqualTo(descriptors.subList(2, 4));
			assertThat(envelopes.get(2).message().descriptor("third")).containsSame(descriptors.get(2));
			assertThat(envelopes.get(3).message().descriptors()).isEqualTo(descriptors.subList(4, 6));
		}
	}

	@Test
	void decodeWhenHeadersEmptyOrManyYieldsAll() {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder().header("empty", "");
		for (int i = 0; i < 100; i++) {
			message.header("h" + i, i);
		}
		OutgoingMessage envelope = ByteStream.oneWay(message);
		assertThat(roundTrip(envelope, 0).message().headers()).isEqualTo(envelope.headers()).hasSize(101);
	}

	@Test
	void encodeWhenTextLongerThanItsFieldThrows() {
		OutgoingMessage longest = ByteStream
			.oneWay(OutgoingFdMessage.builder().descriptor("n".repeat(255), UnusedNumbers.next()));
		assertThat(roundTrip(longest, 1).message().attachments().get(0).name()).hasSize(255);
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(() -> ByteStream.encode(
					ByteStream.oneWay(OutgoingFdMessage.builder().descriptor("é".repeat(128), UnusedNumbers.next()))))
			.withMessageContaining("name of a descriptor takes 256 bytes, more than the 255");
		assertThatExceptionOfType(FdLimitException.class).isThrownBy(
				() -> ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder().header("h", "v".repeat(65536)))))
			.withMessageContaining("header takes 65536 bytes, more than the 65535");
	}

	@Test
	void encodeWhenMoreHeadersThanAllowedThrows() {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();
		for (int i = 0; i < 257; i++) {
			message.header("h" + i, "");
		}
		assertThatExceptionOfType(FdLimitException.class)
			.isThrownBy(() -> ByteStream.encode(ByteStream.oneWay(message)))
			.withMessageContaining("257 headers");
	}

	private static Envelope roundTrip(OutgoingMessage message, int descriptors) {
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			List<Envelope> decoded = stream.read(ByteStream.encode(message), UnusedNumbers.list(descriptors));
			assertThat(decoded).hasSize(1);
			assertThat(stream.isInMessage()).isFalse();
			return decoded.get(0);
		}
	}

}
