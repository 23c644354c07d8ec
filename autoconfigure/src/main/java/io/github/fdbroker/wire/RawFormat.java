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

import java.util.List;

/**
 * Payloads and descriptors without headers, as described in {@code wire-format.md}.
 */
final class RawFormat implements WireFormat {

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

	@Override
	public Correlation replies() {
		return Correlation.NONE;
	}

}
