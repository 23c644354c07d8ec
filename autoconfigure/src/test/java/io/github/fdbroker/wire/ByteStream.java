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

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * Feeds a decoder with the reads of a connection, as {@link MessageConnection} does.
 */
final class ByteStream implements AutoCloseable {

	static final int MAX_BYTES = 4096;

	static final int MAX_DESCRIPTORS = 16;

	static final WireLimits LIMITS = new WireLimits("fdbroker.sockets.test", MAX_BYTES, MAX_DESCRIPTORS,
			Duration.ofSeconds(10), null);

	private final Decoder decoder;

	private final List<DescriptorHandle> sent = new ArrayList<>();

	private ByteBuffer buffer = ByteBuffer.allocate(0);

	ByteStream(WireFormat format) {
		this(format, DescriptorDemand.TAKES_DESCRIPTORS);
	}

	ByteStream(WireFormat format, DescriptorDemand recipient) {
		this(format, recipient, LIMITS);
	}

	ByteStream(WireFormat format, DescriptorDemand recipient, WireLimits limits) {
		this.decoder = format.decoder(limits, recipient);
	}

	/**
	 * Decode one read. What it brings in front of something malformed is closed.
	 */
	List<Envelope> read(byte[] bytes, List<DescriptorHandle> descriptors) {
		List<Envelope> envelopes = new ArrayList<>();
		try {
			read(bytes, descriptors, envelopes::add);
			return envelopes;
		}
		catch (RuntimeException ex) {
			envelopes.forEach((whole) -> whole.message().close());
			throw ex;
		}
	}

	/**
	 * Decode one read, also what it brings in front of something malformed.
	 */
	void read(byte[] bytes, List<DescriptorHandle> descriptors, Consumer<Envelope> messages) {
		this.sent.addAll(descriptors);
		this.buffer = ByteBuffer.allocate(this.buffer.remaining() + bytes.length).put(this.buffer).put(bytes).flip();
		Envelope envelope = this.decoder.decode(this.buffer,
				new Received(List.copyOf(descriptors), false, false, null, null));
		while (envelope != null) {
			messages.accept(envelope);
			envelope = this.decoder.decode(this.buffer, null);
		}
	}

	List<Envelope> read(String bytes, DescriptorHandle... descriptors) {
		return read(bytes.getBytes(StandardCharsets.ISO_8859_1), List.of(descriptors));
	}

	boolean isInMessage() {
		return this.decoder.isInMessage(this.buffer);
	}

	int wantedBytes() {
		return this.decoder.wantedBytes(this.buffer);
	}

	/**
	 * Return what came and was not consumed yet.
	 */
	ByteBuffer unconsumed() {
		return this.buffer.duplicate();
	}

	/**
	 * Return how many of the descriptors that came are open.
	 */
	long open() {
		return this.sent.stream().filter(DescriptorHandle::isOpen).count();
	}

	@Override
	public void close() {
		this.decoder.close();
	}

	static byte[] encode(OutgoingMessage... messages) {
		OutgoingBuffer out = new OutgoingBuffer();
		Format.FRAME.wireFormat().encode(List.of(messages), out);
		return bytes(out);
	}

	static byte[] bytes(OutgoingBuffer out) {
		ByteBuffer written = out.flip();
		byte[] bytes = new byte[written.remaining()];
		written.get(bytes);
		return bytes;
	}

	static OutgoingMessage oneWay(OutgoingFdMessage.Builder message) {
		return outgoing(MessageKind.ONE_WAY, 0, message.build());
	}

	/**
	 * Create a message with a text and that many descriptors.
	 */
	static OutgoingMessage oneWay(String text, int descriptors) {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder().payload(text.getBytes());
		UnusedNumbers.list(descriptors).forEach(message::descriptor);
		return oneWay(message);
	}

	/**
	 * Create a message that borrows nothing that would have to be returned.
	 */
	static OutgoingMessage outgoing(MessageKind kind, long correlation, OutgoingFdMessage message) {
		return new OutgoingMessage(kind, correlation, (byte[]) message.payload(), message.headers(),
				message.attachments()
					.stream()
					.map((attachment) -> new OutgoingMessage.Attachment(attachment.name(),
							new BorrowedFd(descriptor(attachment.source()), () -> {
							})))
					.toList());
	}

	private static FileDescriptor descriptor(Object source) {
		return (source instanceof FileDescriptor descriptor) ? descriptor : new FileDescriptor();
	}

}
