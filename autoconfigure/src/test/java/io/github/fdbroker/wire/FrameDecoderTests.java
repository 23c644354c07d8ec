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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FrameDecoder}.
 */
class FrameDecoderTests {

	private static final int LENGTH = 12;

	private static final int MESSAGE = FrameFormat.HEADER_BYTES;

	@Test
	void decodeWhenCountsDifferRefusesAndClosesAll() {
		for (int announced = 0; announced <= 17; announced++) {
			for (int attached = 0; attached <= 17; attached++) {
				assertCounts(announced, attached);
			}
		}
	}

	@Test
	void decodeWhenOneOfSeveralMessagesHasTooManyDescriptorsRefusesAndClosesAll() {
		int tooMany = ByteStream.MAX_DESCRIPTORS + 1;
		byte[] frame = ByteStream.encode(ByteStream.oneWay("x", tooMany), ByteStream.oneWay("y", 0));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(outcome(stream, frame, tooMany)).isEqualTo("FdLimitException");
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	/**
	 * The compiler of the Java runtime has optimized for the messages that came before.
	 */
	@Test
	void decodeWhenOtherMessagesComeAfterManyAlikeReturnsThem() {
		byte[] alike = ByteStream.encode(ByteStream.oneWay("1234", 0));
		byte[] other = ByteStream.encode(ByteStream
			.oneWay(OutgoingFdMessage.builder().payload("other".getBytes()).header("one", "1").header("two", "2")));
		WireLimits limits = new WireLimits("test", 1 << 16, 1, Duration.ofSeconds(10), null);
		Received arrived = new Received(List.of(), false, false, null, null);
		ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
		for (int round = 0; round < 60; round++) {
			for (int i = 0; i < 20_000; i++) {
				assertThat(new FrameDecoder(limits).decode(bytes.clear().put(alike).flip(), arrived) != null).isTrue();
			}
			Envelope envelope = new FrameDecoder(limits).decode(bytes.clear().put(other).flip(), arrived);
			assertThat(envelope).isNotNull();
			assertThat(envelope.message().headers()).containsOnlyKeys("one", "two");
		}
	}

	private static void assertCounts(int announced, int attached) {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("x", announced));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			String outcome = outcome(stream, frame, attached);
			boolean accepted = announced == attached && announced <= ByteStream.MAX_DESCRIPTORS;
			String refused = (announced > ByteStream.MAX_DESCRIPTORS) ? "FdLimitException" : "FdProtocolException";
			assertThat(outcome).as("%d announced, %d attached", announced, attached)
				.isEqualTo(accepted ? "accepted" : refused);
			stream.close();
			assertThat(stream.open()).isEqualTo(accepted ? attached : 0);
		}
	}

	private static String outcome(ByteStream stream, byte[] bytes, int descriptors) {
		try {
			return stream.read(bytes, UnusedNumbers.list(descriptors)).isEmpty() ? "nothing" : "accepted";
		}
		catch (FdException ex) {
			return ex.getClass().getSimpleName();
		}
	}

	/**
	 * As the kernel may split it: a read ends anywhere, but behind the bytes that
	 * descriptors came with at the latest.
	 */
	@Test
	void decodeWhenSplitAnywhereYieldsTheSame() {
		byte[] first = ByteStream.encode(ByteStream.oneWay("first", 0), ByteStream.oneWay("and a half", 0));
		byte[] second = ByteStream.encode(ByteStream.oneWay("second", 2));
		byte[] third = ByteStream.encode(ByteStream.oneWay("third", 0));
		byte[] fourth = ByteStream.encode(ByteStream.oneWay("fourth", 1));
		byte[] whole = concat(first, second, third, fourth);
		int begin = first.length;
		for (int one = 1; one < whole.length; one++) {
			for (int other = one; other < whole.length; other++) {
				List<String> decoded = decodeSplit(whole, Arrays.asList(one, other),
						List.of(begin, begin + second.length, begin + second.length + third.length));
				assertThat(decoded).as("split at %d and %d", one, other)
					.containsExactly("first 0", "and a half 0", "second 2", "third 0", "fourth 1");
			}
		}
	}

	private static List<String> decodeSplit(byte[] whole, List<Integer> cuts, List<Integer> frames) {
		List<String> decoded = new ArrayList<>();
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			int position = 0;
			while (position < whole.length) {
				int start = position;
				// The read with the second frame's first byte brings 2, and ends with it.
				int barrier = (start < frames.get(1)) ? frames.get(1) : whole.length;
				int end = cuts.stream().filter((cut) -> cut > start && cut < barrier).findFirst().orElse(barrier);
				int descriptors = 0;
				if (start <= frames.get(0) && frames.get(0) < end) {
					descriptors = 2;
				}
				if (start <= frames.get(2) && frames.get(2) < end) {
					descriptors = 1;
				}
				stream.read(Arrays.copyOfRange(whole, start, end), UnusedNumbers.list(descriptors))
					.forEach((envelope) -> decoded
						.add(envelope.message().text() + " " + envelope.message().attachments().size()));
				position = end;
			}
			assertThat(stream.open()).isEqualTo(3);
		}
		return decoded;
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 15, 16, 17, 30, 35 })
	void decodeWhenDescriptorsComeLaterRefuses(int offset) {
		assertRefusedWhenSplit(offset, 0, 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 15, 16, 17, 30, 35 })
	void decodeWhenDescriptorsComeTwiceRefuses(int offset) {
		assertRefusedWhenSplit(offset, 1, 1);
	}

	private static void assertRefusedWhenSplit(int offset, int first, int second) {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("0123456789", 1));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdProtocolException.class).isThrownBy(() -> {
				assertThat(stream.read(Arrays.copyOf(frame, offset), UnusedNumbers.list(first))).isEmpty();
				stream.read(Arrays.copyOfRange(frame, offset, frame.length), UnusedNumbers.list(second));
			});
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	@Test
	void decodeWhenFrameWithDescriptorsFollowedByAnotherInSameReadRefuses() {
		byte[] both = concat(ByteStream.encode(ByteStream.oneWay("one", 1)),
				ByteStream.encode(ByteStream.oneWay("none", 0)));
		assertRefused(both, 1, "received those of a later frame");
	}

	@Test
	void decodeWhenTwoFramesOfOneReadAnnounceDescriptorsRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("one", 1));
		assertRefused(concat(frame, frame), 2, "announces 1 descriptors, but received 2");
		assertRefused(concat(frame, frame), 1, "received those of a later frame");
	}

	@Test
	void decodeWhenDescriptorsComeWithEndOfFrameRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("none", 0));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			stream.read(Arrays.copyOf(frame, 20), List.of());
			assertThatExceptionOfType(FdProtocolException.class)
				.isThrownBy(() -> stream.read(Arrays.copyOfRange(frame, 20, frame.length), UnusedNumbers.list(3)))
				.withMessageContaining("Received 3 descriptors with bytes that announce none");
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "0, 0, begins with the bytes 'FDBR'", "3, 0, received 0x46444200; is the peer's format 'frame'?",
			"4, 0, Frames of version 0 are not supported", "4, 2, only of version 1", "5, 1, flags set",
			"10, 1, flags set", "11, 128, flags set", "9, 0, cannot hold 0 messages", "8, 1, cannot hold 257 messages",
			"9, 2, of 18 bytes cannot hold 2 messages", "20, 0, kind of message 0 is unknown",
			"20, 5, kind of message 5 is unknown", "20, 255, is unknown",
			"19, 13, 1 bytes and 0 descriptors more than its 1 messages",
			"19, 15, 'announces 15 bytes, but its frame has 14 left'", "19, 11, announces 11 bytes",
			"16, 255, announces 4278190094 bytes", "23, 1, ends in the middle of its headers" })
	void decodeWhenByteIsWrongRefuses(int offset, int value, String message) {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("hi", 0));
		frame[offset] = (byte) value;
		assertRefused(frame, 0, message);
	}

	@Test
	void decodeWhenMessagesCountFewerOrMoreDescriptorsThanFrameRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("\0\0\0\0", 2));
		frame[MESSAGE + 5] = 1;
		assertRefused(frame, 2, "0 bytes and 1 descriptors more");
		frame[MESSAGE + 5] = 3;
		assertRefused(frame, 2, "have more descriptors than the 2 it announces");
	}

	@Test
	void decodeWhenLastMessageIsMalformedDeliversNone() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("good", 1), ByteStream.oneWay("bad", 1));
		frame[MESSAGE + 21 + 4] = 9;
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdProtocolException.class)
				.isThrownBy(() -> stream.read(frame, UnusedNumbers.list(2)))
				.withMessageContaining("kind of message 9");
			assertThat(stream.open()).isEqualTo(2);
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "0, FdProtocolException", "1, FdProtocolException", "15, FdProtocolException",
			"4097, FdLimitException", "2147483647, FdLimitException", "2147483648, FdLimitException",
			"4294967295, FdLimitException" })
	void decodeWhenLengthIsImpossibleRefusesWithHeader(long length, String exception) {
		byte[] header = header(length);
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(outcome(stream, header, 1)).isEqualTo(exception);
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	@Test
	void decodeWhenFrameHasLimitDecodes() {
		byte[] frame = ByteStream
			.encode(ByteStream.oneWay("x".repeat(ByteStream.MAX_BYTES - FrameFormat.MESSAGE_BYTES), 0));
		assertThat(ByteBuffer.wrap(frame).getInt(LENGTH)).isEqualTo(ByteStream.MAX_BYTES);
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(stream.read(frame, List.of())).hasSize(1);
		}
	}

	@Test
	void decodeWhenLimitExceededNamesProperty() {
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdLimitException.class)
				.isThrownBy(() -> stream.read(header(ByteStream.MAX_BYTES + 1), List.of()))
				.withMessage("A message of 4097 bytes exceeds the limit of 4096, see "
						+ "fdbroker.sockets.test.max-message-size");
		}
	}

	@Test
	void decodeWhenSeveralMessagesAreMoreThanTheLimitOfOneDecodes() {
		OutgoingMessage[] messages = new OutgoingMessage[20];
		Arrays.fill(messages, ByteStream.oneWay("x".repeat(ByteStream.MAX_BYTES / 2), 1));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(stream.read(ByteStream.encode(messages), UnusedNumbers.list(20))).hasSize(20);
		}
	}

	@Test
	void decodeWhenOneOfSeveralMessagesExceedsLimitRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("x".repeat(ByteStream.MAX_BYTES), 1),
				ByteStream.oneWay("y", 0));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdLimitException.class)
				.isThrownBy(() -> stream.read(frame, UnusedNumbers.list(1)))
				.withMessageContaining("fdbroker.sockets.test.max-message-size");
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "2, 65536, 0, accepted", "2, 65537, 0, FdLimitException", "2, 65536, 32, FdProtocolException",
			"2, 65536, 33, FdLimitException", "1000, 65536, 64, FdProtocolException",
			"1000, 65536, 65, FdLimitException", "1, 4096, 17, FdLimitException" })
	void decodeWhenHeaderAnnouncesMoreThanLimitsAllowRefusesWithHeader(int messages, int length, int descriptors,
			String expected) {
		byte[] header = header(length);
		ByteBuffer.wrap(header).putShort(6, (short) descriptors).putShort(8, (short) messages);
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(outcome(stream, header, 0)).isEqualTo(expected.equals("accepted") ? "nothing" : expected);
		}
	}

	@Test
	void decodeWhenMessageHasMoreHeadersThanTheFormatAllowsRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay(" ".repeat(2000), 0));
		ByteBuffer.wrap(frame).putShort(MESSAGE + 6, (short) (FrameFormat.MAX_HEADERS + 1));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdLimitException.class).isThrownBy(() -> stream.read(frame, List.of()))
				.withMessageContaining("257 headers has more than the 256");
		}
	}

	@ParameterizedTest
	@CsvSource({ "h, 68", "FX, 4658", "hello, 68656c6c" })
	void decodeWhenFirstBytesAreOfAnotherFormatRefusesAtOnce(String bytes, String shown) {
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdProtocolException.class).isThrownBy(() -> stream.read(bytes))
				.withMessageContaining("but received 0x" + shown + "; is the peer's format 'frame'?");
		}
	}

	@Test
	void wantedBytesGrowsWithWhatCameAndNotWithWhatIsAnnounced() {
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(stream.wantedBytes()).isEqualTo(FrameFormat.HEADER_BYTES);
			stream.read(header(ByteStream.MAX_BYTES), UnusedNumbers.list(1));
			assertThat(stream.wantedBytes()).isEqualTo(2 * FrameFormat.HEADER_BYTES);
			stream.read(new byte[3000], List.of());
			assertThat(stream.wantedBytes()).isEqualTo(FrameFormat.HEADER_BYTES + ByteStream.MAX_BYTES);
		}
	}

	@Test
	void isInMessageWhenFirstByteCameIsTrueUntilLast() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("x", 0));
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(stream.isInMessage()).isFalse();
			for (int i = 0; i < frame.length - 1; i++) {
				stream.read(new byte[] { frame[i] }, List.of());
				assertThat(stream.isInMessage()).isTrue();
			}
			assertThat(stream.read(new byte[] { frame[frame.length - 1] }, List.of())).hasSize(1);
			assertThat(stream.isInMessage()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "name", "value", "label" })
	void decodeWhenTextIsNotUtf8Refuses(String text) {
		byte[] frame = ByteStream.encode(ByteStream
			.oneWay(OutgoingFdMessage.builder().header("name", "value").descriptor("label", UnusedNumbers.next())));
		int index = new String(frame, StandardCharsets.ISO_8859_1).indexOf(text);
		frame[index + text.length() - 1] = (byte) 0xc3;
		assertRefused(frame, 1, "is not UTF-8");
	}

	@Test
	void decodeWhenPayloadIsNotUtf8Decodes() {
		byte[] payload = { (byte) 0xff, (byte) 0xfe };
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			List<Envelope> decoded = stream
				.read(ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder().payload(payload))), List.of());
			assertThat(decoded.get(0).message().payload()).isEqualTo(payload);
		}
	}

	@Test
	void decodeWhenHeaderHasNoNameRefuses() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder().header("n", "v")));
		frame[frame.length - 4] = ' ';
		assertRefused(frame, 0, "A header has no name");
	}

	@Test
	void decodeWhenHeaderComesTwiceLastWins() {
		byte[] frame = ByteStream
			.encode(ByteStream.oneWay(OutgoingFdMessage.builder().header("a", "1").header("b", "2")));
		boolean inOrder = frame[frame.length - 10] == 'a';
		frame[frame.length - 10] = 'k';
		frame[frame.length - 4] = 'k';
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThat(stream.read(frame, List.of()).get(0).message().headers()).hasSize(1)
				.containsEntry("k", inOrder ? "2" : "1");
		}
	}

	@Test
	void closeWhenMessagesWereNotFetchedClosesTheirDescriptors() {
		byte[] frame = ByteStream.encode(ByteStream.oneWay("a", 1), ByteStream.oneWay("b", 2));
		List<DescriptorHandle> descriptors = UnusedNumbers.list(3);
		Decoder decoder = new FrameFormat().decoder(ByteStream.LIMITS, DescriptorDemand.TAKES_DESCRIPTORS);
		Envelope first = decoder.decode(ByteBuffer.wrap(frame), new Received(descriptors, false, false, null, null));
		decoder.close();
		assertThat(first).isNotNull();
		assertThat(descriptors).extracting(DescriptorHandle::isOpen).containsExactly(true, false, false);
	}

	private static void assertRefused(byte[] bytes, int descriptors, String message) {
		try (ByteStream stream = new ByteStream(new FrameFormat())) {
			assertThatExceptionOfType(FdProtocolException.class)
				.isThrownBy(() -> stream.read(bytes, UnusedNumbers.list(descriptors)))
				.withMessageContaining(message);
			stream.close();
			assertThat(stream.open()).isZero();
		}
	}

	private static byte[] header(long length) {
		byte[] header = Arrays.copyOf(ByteStream.encode(ByteStream.oneWay("", 1)), FrameFormat.HEADER_BYTES);
		ByteBuffer.wrap(header).putInt(LENGTH, (int) length);
		header[7] = 1;
		return header;
	}

	private static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt((part) -> part.length).sum());
		Arrays.stream(parts).forEach(all::put);
		return all.array();
	}

}
