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

package io.github.fdbroker.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the portable channels, such as {@link PortableSocketChannel}.
 */
class PortableChannelTests extends ChannelContract {

	@Test
	void configureBlockingWhenFalseThrows() throws IOException {
		try (SocketChannel channel = descriptors.get("tcp-connected").into(SocketChannel.class)) {
			assertThat(channel).isInstanceOf(PortableSocketChannel.class);
			assertThatExceptionOfType(IllegalBlockingModeException.class)
				.isThrownBy(() -> channel.configureBlocking(false));
			assertThat(channel.isBlocking()).isTrue();
		}
	}

	/**
	 * A channel of Java returns -1, as at the end of a stream.
	 */
	@Test
	void readWhenDatagramIsEmptyReturnsZero() throws IOException {
		try (DatagramChannel connected = descriptors.get("udp-connected").into(DatagramChannel.class);
				DatagramChannel peer = descriptors.get("udp").into(DatagramChannel.class)) {
			peer.send(text(""), connected.getLocalAddress());
			assertThat(connected.read(ByteBuffer.allocate(1))).isZero();
		}
	}

	@Test
	void unsupportedOperationTellsWhatToAdd() throws IOException {
		try (DatagramChannel channel = descriptors.get("udp").into(DatagramChannel.class)) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(channel::socket)
				.withMessageContaining("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
		}
	}

}
