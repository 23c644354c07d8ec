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

package io.github.fdbroker.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JunixsocketTransport}.
 */
class JunixsocketTransportTests implements DescriptorPassingContract, BackPressureContract, ConnectionEndContract,
		DescriptorLimitContract, MessageBoundaryContract {

	@Override
	public Transport transport() {
		return new JunixsocketTransport();
	}

	@Test
	void receiveWhenSomebodyElseSetPasscredStillGetsAllDescriptors() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			new NativeTransport().prepare(pair.receiverSocket(),
					new MessageSocketSettings(SocketType.STREAM, true, Duration.ZERO));
			pair.sender()
				.send(MessageSocketPair.bytes("x"),
						Collections.nCopies(transport().maxDescriptors(), pair.senderSocket()));
			try (Arrival received = pair.receive(1)) {
				assertThat(received.descriptors()).hasSize(transport().maxDescriptors());
			}
		}
	}

}
