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
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.SocketPairs;
import io.github.fdbroker.system.DescriptorHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a {@link MessageConnection} closes where its decoder fails.
 */
class FailingDecoderTests {

	private final List<DescriptorHandle> arrived = new ArrayList<>();

	private FdConnection peer;

	private FdConnection own;

	@BeforeEach
	void connect() throws IOException {
		FdConnection[] ends = SocketPairs.connect(Duration.ofSeconds(30));
		this.peer = ends[0];
		this.own = ends[1];
	}

	@AfterEach
	void close() {
		this.peer.close();
		this.own.close();
	}

	@Test
	void receiveWhenMemoryRunsOutInDecoderClosesWhatCame() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/null")) {
			this.peer.send(ByteBuffer.allocateDirect(1), List.<FileDescriptor>of(file.getFD()));
		}
		MessageConnection connection = connection();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(connection::receive);
		assertThat(this.arrived).hasSize(1).noneMatch(DescriptorHandle::isOpen);
	}

	@Test
	void decodeWhenMemoryRunsOutClosesWhatCameWithPacket() {
		Received packet = new Received(UnusedNumbers.list(2), false, false, null, null);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> PacketDecoding.decode(new FailingFormat(),
				ByteStream.LIMITS, ByteBuffer.allocate(1), packet, DescriptorDemand.TAKES_DESCRIPTORS));
		assertThat(this.arrived).hasSize(2).noneMatch(DescriptorHandle::isOpen);
	}

	@Test
	void closeWhenDecoderFailsClosesConnection() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(connection()::close);
		assertThat(this.peer.receive(ByteBuffer.allocateDirect(1)).isEnd()).isTrue();
	}

	private MessageConnection connection() {
		return new MessageConnection(this.own, new FailingFormat(), ByteStream.LIMITS,
				DescriptorDemand.TAKES_DESCRIPTORS, new FdConverters(List.of()));
	}

	/**
	 * A format whose decoder fails in all it does.
	 */
	private final class FailingFormat implements WireFormat {

		@Override
		public Decoder decoder(WireLimits limits, DescriptorDemand recipient) {
			return new FailingDecoder();
		}

		@Override
		public void encode(List<OutgoingMessage> messages, OutgoingBuffer out) {
			throw new IllegalStateException("nothing is sent");
		}

		@Override
		public Correlation replies() {
			return Correlation.NONE;
		}

	}

	/**
	 * A decoder that has no memory left.
	 */
	private final class FailingDecoder implements Decoder {

		@Override
		public Envelope decode(ByteBuffer bytes, Received received) {
			if (received == null) {
				return null;
			}
			FailingDecoderTests.this.arrived.addAll(received.descriptors());
			throw new OutOfMemoryError("as wanted");
		}

		@Override
		public boolean isInMessage(ByteBuffer bytes) {
			return false;
		}

		@Override
		public String expected() {
			return "nothing";
		}

		@Override
		public int wantedBytes(ByteBuffer bytes) {
			return 1;
		}

		@Override
		public void close() {
			throw new IllegalStateException("as wanted");
		}

	}

}
