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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdProtocolException;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.wire.UnclaimedDescriptors.Read;

/**
 * Decodes frames, and assigns to each exactly the descriptors that were sent with it.
 * <p>
 * The kernel ends a read behind the bytes that carried descriptors, but not before them
 * (unix(7)). So the descriptors of a read belong to the last frame that begins in it,
 * whose header has to announce just as many; every other frame that begins in that read
 * has to announce none.
 */
final class FrameDecoder implements Decoder {

	private static final int COUNT_OFFSET = 6;

	private static final int MESSAGES_OFFSET = 8;

	private static final int RESERVED_OFFSET = 10;

	private final WireLimits limits;

	private final Deque<Envelope> decoded = new ArrayDeque<>();

	/** The position of the buffer in the stream. */
	private long consumed;

	/** The number of bytes received. */
	private long received;

	/**
	 * The reads whose descriptors no header has announced yet: at most the one that ended
	 * within a header, and the latest.
	 */
	private final UnclaimedDescriptors unclaimed = new UnclaimedDescriptors();

	/** The frame whose header was read and which is not complete, if any. */
	private @Nullable Frame current;

	/** The error that follows the decoded messages, if any. */
	private @Nullable FdException failure;

	FrameDecoder(WireLimits limits) {
		this.limits = limits;
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived) {
		if (arrived != null) {
			long start = this.received;
			this.received = this.consumed + bytes.remaining();
			this.unclaimed.add(start, this.received, arrived.descriptors());
			decodeFrames(bytes);
		}
		Envelope next = this.decoded.poll();
		if (next == null && this.failure != null) {
			throw this.failure;
		}
		return next;
	}

	@Override
	public boolean isInMessage(ByteBuffer bytes) {
		return this.current != null || bytes.hasRemaining();
	}

	@Override
	public String expected() {
		return "the rest of a frame";
	}

	@Override
	public int wantedBytes(ByteBuffer bytes) {
		return (this.current != null)
				? Math.min(FrameFormat.HEADER_BYTES + this.current.length(), 2 * bytes.remaining())
				: FrameFormat.HEADER_BYTES;
	}

	@Override
	public void close() {
		this.unclaimed.close();
		if (this.current != null) {
			DescriptorHandle.closeEach(this.current.descriptors());
		}
		this.decoded.forEach((envelope) -> envelope.message().close());
	}

	/**
	 * A read may contain several frames. Those before a malformed one are valid.
	 */
	private void decodeFrames(ByteBuffer bytes) {
		try {
			boolean more = decodeFrame(bytes);
			while (more) {
				more = decodeFrame(bytes);
			}
		}
		catch (FdException ex) {
			this.failure = ex;
			return;
		}
		refuseStrayDescriptors();
	}

	private boolean decodeFrame(ByteBuffer bytes) {
		if (this.current == null) {
			checkMagic(bytes);
			if (bytes.remaining() < FrameFormat.HEADER_BYTES) {
				return false;
			}
			this.current = readHeader(bytes);
		}
		if (bytes.remaining() < FrameFormat.HEADER_BYTES + this.current.length()) {
			return false;
		}
		decodeMessages(this.current, bytes);
		this.current = null;
		return true;
	}

	private void decodeMessages(Frame frame, ByteBuffer bytes) {
		int size = FrameFormat.HEADER_BYTES + frame.length();
		int limit = bytes.limit();
		int end = bytes.position() + size;
		bytes.position(bytes.position() + FrameFormat.HEADER_BYTES).limit(end);
		this.consumed += size;
		this.decoded.addAll(frame.decode(bytes));
		bytes.limit(limit);
	}

	/**
	 * The first bytes show that a peer uses another format. It may never send as many
	 * bytes as a header has.
	 */
	private static void checkMagic(ByteBuffer bytes) {
		int count = Math.min(Integer.BYTES, bytes.remaining());
		for (int i = 0; i < count; i++) {
			if (bytes
				.get(bytes.position() + i) != (byte) (FrameFormat.MAGIC >> (Byte.SIZE * (Integer.BYTES - 1 - i)))) {
				byte[] first = new byte[count];
				bytes.get(bytes.position(), first);
				throw new FdProtocolException(
						"A frame begins with the bytes 'FDBR', but received 0x%s; is the peer's format 'frame'?"
							.formatted(HexFormat.of().formatHex(first)));
			}
		}
	}

	private Frame readHeader(ByteBuffer bytes) {
		int start = bytes.position();
		byte version = bytes.get(start + Integer.BYTES);
		if (version != FrameFormat.VERSION) {
			throw new FdProtocolException("Frames of version %d are not supported, only of version %d"
				.formatted(version, FrameFormat.VERSION));
		}
		if (bytes.get(start + Integer.BYTES + 1) != 0 || bytes.getShort(start + RESERVED_OFFSET) != 0) {
			throw new FdProtocolException("A frame has flags set that version 1 does not have");
		}
		int announced = Short.toUnsignedInt(bytes.getShort(start + COUNT_OFFSET));
		int messages = Short.toUnsignedInt(bytes.getShort(start + MESSAGES_OFFSET));
		long length = Integer.toUnsignedLong(bytes.getInt(start + FrameFormat.LENGTH_OFFSET));
		if (messages == 0 || length < (long) messages * FrameFormat.MESSAGE_BYTES) {
			throw new FdProtocolException("A frame of %d bytes cannot hold %d messages".formatted(length, messages));
		}
		checkLimits(announced, messages, length);
		return new Frame(this.limits, messages, (int) length, claim(announced, length));
	}

	/**
	 * Impossible numbers of bytes and descriptors are refused before they are received.
	 */
	private void checkLimits(int announced, int messages, long length) {
		if (messages == 1) {
			this.limits.checkBytes(length);
			this.limits.checkDescriptors(announced);
		}
		else if (length > FrameFormat.BATCH_BYTES) {
			throw new FdLimitException("A frame of %d messages has %d bytes; a frame of several messages may have %d"
				.formatted(messages, length, FrameFormat.BATCH_BYTES));
		}
		else if (announced > Math.min(FrameFormat.BATCH_DESCRIPTORS, (long) messages * this.limits.descriptors())) {
			throw new FdLimitException(
					"A frame of %d messages announces %d descriptors; a frame of several messages may have %d, and each message %d, see %s.max-descriptors"
						.formatted(messages, announced, FrameFormat.BATCH_DESCRIPTORS, this.limits.descriptors(),
								this.limits.prefix()));
		}
	}

	private List<DescriptorHandle> claim(int announced, long length) {
		if (announced == 0) {
			return List.of();
		}
		Read read = this.unclaimed.first();
		int came = (read != null && read.contains(this.consumed)) ? read.descriptors().size() : 0;
		if (read == null || came != announced) {
			throw new FdProtocolException(
					"A frame announces %d descriptors, but received %d with its first byte".formatted(announced, came));
		}
		if (this.consumed + FrameFormat.HEADER_BYTES + length < read.end()) {
			throw new FdProtocolException(
					"A frame announces %d descriptors, but received those of a later frame".formatted(announced));
		}
		return this.unclaimed.take();
	}

	/**
	 * Descriptors are kept only for a header that began in the same read.
	 */
	private void refuseStrayDescriptors() {
		int stray = (this.current != null) ? this.unclaimed.count() : this.unclaimed.countElsewhere(this.consumed);
		if (stray > 0) {
			throw new FdProtocolException("Received %d descriptors with bytes that announce none".formatted(stray));
		}
	}

}
