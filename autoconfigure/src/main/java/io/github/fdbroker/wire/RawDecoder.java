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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * Returns each read as a message. If the listener requires a descriptor, bytes without
 * one are kept until it arrives.
 * <p>
 * The kernel ends a read behind the bytes that carried descriptors (unix(7)), so that the
 * descriptors of a read belong to its last byte.
 */
final class RawDecoder implements Decoder {

	private static final Log logger = LogFactory.getLog(RawDecoder.class);

	private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** The time from which the next warning may be logged. */
	private static final AtomicLong NEXT_WARNING = new AtomicLong(System.nanoTime());

	private final WireLimits limits;

	private final boolean needsDescriptor;

	private final MessageKind kind;

	/** The read that brought the last byte. */
	private List<DescriptorHandle> descriptors = List.of();

	RawDecoder(WireLimits limits, DescriptorDemand recipient) {
		this.limits = limits;
		this.needsDescriptor = recipient == DescriptorDemand.NEEDS_DESCRIPTOR;
		this.kind = (recipient == DescriptorDemand.AWAITS_ANSWER) ? MessageKind.REPLY : MessageKind.REQUEST;
	}

	@Override
	public @Nullable Envelope decode(ByteBuffer bytes, @Nullable Received arrived) {
		if (arrived != null) {
			this.descriptors = arrived.descriptors();
			this.limits.checkDescriptors(this.descriptors.size());
		}
		if (!bytes.hasRemaining()) {
			return null;
		}
		if (this.needsDescriptor) {
			checkWaiting(bytes.remaining());
			return this.descriptors.isEmpty() ? null : message(bytes, bytes.remaining());
		}
		return message(bytes, Math.min(bytes.remaining(), this.limits.messageBytes()));
	}

	@Override
	public boolean isInMessage(ByteBuffer bytes) {
		return bytes.hasRemaining();
	}

	@Override
	public String expected() {
		return "a descriptor, which the listener requires";
	}

	@Override
	public int wantedBytes(ByteBuffer bytes) {
		return this.limits.messageBytes() + 1;
	}

	@Override
	public void close() {
		DescriptorHandle.closeEach(this.descriptors);
	}

	private Envelope message(ByteBuffer bytes, int length) {
		warnOfFrame(bytes, this.limits);
		byte[] payload = new byte[length];
		bytes.get(payload);
		List<DescriptorHandle> claimed = List.of();
		if (!bytes.hasRemaining()) {
			claimed = this.descriptors;
			this.descriptors = List.of();
		}
		return new Envelope(this.kind, 0, FdMessage.of(payload, claimed));
	}

	private void checkWaiting(int bytes) {
		if (bytes > this.limits.messageBytes()) {
			throw new FdLimitException(
					"Received %d bytes without the descriptor that the listener requires, more than the limit of %d, see %s.max-message-size"
						.formatted(bytes, this.limits.messageBytes(), this.limits.prefix()));
		}
	}

	/**
	 * Log a warning if the sender uses the format frame, at most once a second.
	 * @param message the bytes of a message
	 */
	static void warnOfFrame(ByteBuffer message, WireLimits limits) {
		if (message.remaining() < Integer.BYTES || message.getInt(message.position()) != FrameFormat.MAGIC) {
			return;
		}
		long now = System.nanoTime();
		long next = NEXT_WARNING.get();
		if (now - next >= 0 && NEXT_WARNING.compareAndSet(next, now + WARNING_NANOS)) {
			logger.warn("A message begins with 'FDBR', as in the format 'frame', but the configured format is "
					+ "'raw', see " + limits.prefix() + ".format");
		}
	}

}
