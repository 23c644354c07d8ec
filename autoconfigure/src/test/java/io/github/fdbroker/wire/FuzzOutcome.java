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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * What a decoder made of an input: messages, and perhaps one of two exceptions. Every
 * descriptor is in one message or closed, and none comes out of order.
 *
 * @param messages the messages, or single bytes where every read is a message
 * @param isRefused whether what follows them is malformed or exceeds a limit
 * @param isComplete whether nothing waits for more
 */
record FuzzOutcome(List<String> messages, boolean isRefused, boolean isComplete) {

	/**
	 * Decode what the reads of a stream bring.
	 */
	static FuzzOutcome of(FuzzSubject subject, List<FuzzInput.Send> reads) {
		List<DescriptorHandle> descriptors = new ArrayList<>();
		List<FdMessage> messages = new ArrayList<>();
		List<String> outcome = new ArrayList<>();
		boolean refused = false;
		ByteStream stream = new ByteStream(subject.format(), subject.recipient(), FuzzSubject.LIMITS);
		int length = 0;
		try {
			for (FuzzInput.Send read : reads) {
				List<DescriptorHandle> arrived = UnusedNumbers.list(read.descriptors());
				descriptors.addAll(arrived);
				length += read.bytes().length;
				stream.read(read.bytes(), arrived, (envelope) -> {
					messages.add(envelope.message());
					outcome.addAll(describe(subject, envelope, descriptors));
				});
				verify(stream.wantedBytes() <= 2 * Math.max(length, FuzzSubject.LIMITS.messageBytes()) + 2,
						"more room is wanted than came");
			}
		}
		catch (FdProtocolException | FdLimitException ex) {
			refused = true;
		}
		boolean complete = !stream.isInMessage();
		if (subject.isRaw()) {
			outcome.addAll(bytes(stream.unconsumed()));
		}
		stream.close();
		assertOwned(descriptors, messages);
		return new FuzzOutcome(outcome, refused, complete);
	}

	/**
	 * Decode a packet.
	 */
	static FuzzOutcome of(FuzzSubject subject, FuzzInput.Send packet) {
		List<DescriptorHandle> descriptors = UnusedNumbers.list(packet.descriptors());
		List<FdMessage> messages = new ArrayList<>();
		List<String> outcome = new ArrayList<>();
		boolean refused = false;
		int room = PacketDecoding.room(subject.format(), FuzzSubject.LIMITS);
		ByteBuffer bytes = ByteBuffer.wrap(packet.bytes(), 0, Math.min(room, packet.bytes().length));
		Received received = new Received(descriptors, false, packet.bytes().length > room, null, null);
		try {
			for (Envelope envelope : PacketDecoding.decode(subject.format(), FuzzSubject.LIMITS, bytes, received,
					subject.recipient())) {
				messages.add(envelope.message());
				outcome.addAll(describe(subject, envelope, descriptors));
			}
		}
		catch (FdProtocolException | FdLimitException ex) {
			refused = true;
		}
		assertOwned(descriptors, messages);
		return new FuzzOutcome(outcome, refused, true);
	}

	private static List<String> describe(FuzzSubject subject, Envelope envelope, List<DescriptorHandle> descriptors) {
		FdMessage message = envelope.message();
		if (subject.isRaw()) {
			return bytes(ByteBuffer.wrap((byte[]) message.payload()));
		}
		String payload = new String((byte[]) message.payload(), StandardCharsets.ISO_8859_1);
		List<Integer> numbers = message.descriptors().stream().map(descriptors::indexOf).toList();
		List<?> names = message.attachments().stream().map((attachment) -> attachment.name()).toList();
		return List.of(envelope.kind() + " " + envelope.correlation() + " " + message.headers() + " " + payload + " "
				+ names + " " + numbers);
	}

	private static List<String> bytes(ByteBuffer bytes) {
		return IntStream.range(bytes.position(), bytes.limit())
			.mapToObj((index) -> String.valueOf(bytes.get(index)))
			.toList();
	}

	private static void assertOwned(List<DescriptorHandle> came, List<FdMessage> messages) {
		int next = 0;
		for (FdMessage message : messages) {
			for (OwnedFd descriptor : message.descriptors()) {
				verify(came.indexOf(descriptor) >= next, "a descriptor is in two messages or out of order");
				next = came.indexOf(descriptor) + 1;
			}
		}
		long delivered = messages.stream().mapToInt((message) -> message.descriptors().size()).sum();
		verify(came.stream().filter(DescriptorHandle::isOpen).count() == delivered, "descriptors are open");
		messages.forEach(FdMessage::close);
		verify(came.stream().noneMatch(DescriptorHandle::isOpen), "descriptors of messages are open");
	}

	/**
	 * Assertions of a library would take most of the time.
	 */
	static void verify(boolean holds, Object otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise);
		}
	}

	/**
	 * Whether all that came is in messages.
	 */
	boolean isWhole() {
		return !this.isRefused && this.isComplete;
	}

	/**
	 * Whether the messages of one are the first ones of the other.
	 */
	boolean agreesWith(FuzzOutcome other) {
		int common = Math.min(this.messages.size(), other.messages.size());
		return this.messages.subList(0, common).equals(other.messages.subList(0, common))
				&& (this.isRefused || other.isRefused || this.messages.size() == other.messages.size());
	}

}
