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

/**
 * Payload and descriptors as they are, as described in {@code wire-format.md}.
 */
final class RawFormat implements WireFormat {

	private static final Log logger = LogFactory.getLog(RawFormat.class);

	private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** When the next warning may be written. */
	private static final AtomicLong NEXT_WARNING = new AtomicLong(System.nanoTime());

	@Override
	public Decoder decoder(WireLimits limits, DescriptorDemand recipient) {
		return new RawDecoder(limits, recipient);
	}

	@Override
	public Decoder wholeDecoder(WireLimits limits, DescriptorDemand recipient) {
		return new RawMessageDecoder(limits,
				(recipient == DescriptorDemand.AWAITS_ANSWER) ? MessageKind.REPLY : MessageKind.REQUEST);
	}

	@Override
	public void encode(List<OutgoingMessage> messages, OutgoingBuffer out) {
		byte[] payload = messages.get(0).payload();
		out.room(payload.length).put(payload);
	}

	/**
	 * Warn of a sender whose format is another, at most once a second.
	 * @param message the bytes of a message
	 */
	static void warnOfFrame(ByteBuffer message, WireLimits limits) {
		if (message.remaining() < Integer.BYTES || message.getInt(message.position()) != FrameFormat.MAGIC) {
			return;
		}
		long now = System.nanoTime();
		long next = NEXT_WARNING.get();
		if (now - next >= 0 && NEXT_WARNING.compareAndSet(next, now + WARNING_NANOS)) {
			logger.warn("A message begins with 'FDBR', as those of the format 'frame' do, but the format here is "
					+ "'raw', see " + limits.prefix() + ".format");
		}
	}

	@Override
	public Correlation replies() {
		return Correlation.NONE;
	}

}
