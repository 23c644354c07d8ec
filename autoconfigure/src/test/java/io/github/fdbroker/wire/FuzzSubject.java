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
import java.util.stream.Stream;

import io.github.fdbroker.OutgoingFdMessage;

/**
 * What is fuzzed: a format, who its messages are for, and valid sends of it.
 */
enum FuzzSubject {

	/** Frames. */
	FRAME(Format.FRAME, DescriptorDemand.TAKES_DESCRIPTORS, 4, frames()),

	/** Bytes as they come. */
	RAW(Format.RAW, DescriptorDemand.TAKES_DESCRIPTORS, 4, texts()),

	/** Bytes that wait for a descriptor. */
	RAW_NEEDING(Format.RAW, DescriptorDemand.NEEDS_DESCRIPTOR, 4, texts()),

	/** What {@code recv_fd} clients ask. */
	APUE_REQUEST(Format.APUE, DescriptorDemand.TAKES_NO_DESCRIPTOR, 4, requests()),

	/** What {@code send_fd} clients send. */
	APUE_STATUS(Format.APUE, DescriptorDemand.TAKES_DESCRIPTORS, 4, statuses()),

	/** What a {@code send_fd} server replies. */
	APUE_REPLY(Format.APUE, DescriptorDemand.AWAITS_ANSWER, 1, statuses());

	/** So low that short inputs reach them. */
	static final WireLimits LIMITS = new WireLimits("fdbroker.sockets.test", 200, 4, null, null);

	private final Format format;

	private final DescriptorDemand recipient;

	private final int maxSends;

	private final List<FuzzInput.Send> corpus;

	FuzzSubject(Format format, DescriptorDemand recipient, int maxSends, List<FuzzInput.Send> corpus) {
		this.format = format;
		this.recipient = recipient;
		this.maxSends = maxSends;
		this.corpus = corpus;
	}

	WireFormat format() {
		return this.format.wireFormat();
	}

	DescriptorDemand recipient() {
		return this.recipient;
	}

	int maxSends() {
		return this.maxSends;
	}

	List<FuzzInput.Send> corpus() {
		return this.corpus;
	}

	/**
	 * Whether every read is a message of its own.
	 */
	boolean isRaw() {
		return this.format == Format.RAW;
	}

	private static List<FuzzInput.Send> frames() {
		return List.of(new FuzzInput.Send(ByteStream.encode(ByteStream.oneWay("", 0)), 0),
				new FuzzInput.Send(ByteStream.encode(ByteStream.oneWay("payload", 3)), 3),
				new FuzzInput.Send(ByteStream.encode(ByteStream.oneWay(OutgoingFdMessage.builder()
					.header("name", "value")
					.header("größe", "😀")
					.descriptor("label", UnusedNumbers.next())
					.payload(new byte[40]))), 1),
				new FuzzInput.Send(ByteStream.encode(ByteStream.oneWay("a", 1), ByteStream.oneWay("b", 0),
						ByteStream.oneWay("c", 2)), 3));
	}

	private static List<FuzzInput.Send> texts() {
		return List.of(send("x", 0), send("x", 1), send("some text", 0), send("some text", 4),
				send("y".repeat(100), 1));
	}

	private static List<FuzzInput.Send> requests() {
		return Stream.of("\0", "open /etc/hosts 0\0", "a\0\0b\0", "z".repeat(100) + "\0")
			.map((text) -> send(text, 0))
			.toList();
	}

	private static List<FuzzInput.Send> statuses() {
		return List.of(send("\0\0", 1), send("careful\0\0", 1), send("can't open\n\0\15", 0), send("\0\377", 0),
				send("z".repeat(100) + "\0\0", 1));
	}

	private static FuzzInput.Send send(String text, int descriptors) {
		return new FuzzInput.Send(text.getBytes(StandardCharsets.ISO_8859_1), descriptors);
	}

}
